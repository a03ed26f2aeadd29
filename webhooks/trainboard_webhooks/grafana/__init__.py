"""Webhooks of Grafana Alerting, signed where a secret for it is configured.

Source: Grafana, "Configure the webhook notifier for Alerting"; its own `http/hmac.go` for the signature.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from trainboard.errors import PayloadError
from trainboard.events import Event
from trainboard_webhooks import Credential, Identity, alert_groups
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.callers import find_bearer, find_user
from trainboard_webhooks.passwords import header_value
from trainboard_webhooks.payload import peek, replace_nuls
from trainboard_webhooks.signatures import is_stamped

NAME = "grafana"
NAMED = True
METHODS = ("POST", "PUT")
MAX_BODY_BYTES = alert_groups.MAX_BODY_BYTES
PROOF: Proof = "password"
FORGIVING = False

_VERSION = "1"


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential that signed the body, where it is one that signs; else as any that gives a secret."""
    signing = [known for known in credentials if known.signature_header]
    for known in signing:
        signature = headers.get(known.signature_header.lower())
        stamp = headers.get(known.stamp_header.lower()) if known.stamp_header else None
        keys = [secret.encode() for secret in known.secrets]
        if is_stamped(signature, stamp, body, keys, now, stamped=bool(known.stamp_header)):
            return known
    telling = [known for known in credentials if not known.signature_header]
    return find_bearer(headers, telling) or find_user(headers, telling)


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which a contact point whose authorization is `secret` posts `body`."""
    del kind, body, delivery_id, now
    return {"Content-Type": "application/json", "Authorization": f"Bearer {header_value(secret)}"}


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """The body is its own id, for there is no other; the same one after a minute is news again."""
    del headers
    envelope = peek(replace_nuls(body), alert_groups.ENVELOPES)
    if envelope.version != _VERSION or envelope.org_id is None:
        raise PayloadError(
            'this is no body of version "1" with an orgId, which Grafana posts where the contact point has '
            "no payload of its own"
        )
    return Identity(
        id=hashlib.sha256(body).hexdigest(),
        kind="alerts",
        entity=NAME,
        renews_seconds=alert_groups.RENEWS_SECONDS,
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """The alerts of the group."""
    del kind
    return [alert_groups.read_group(body, door)]
