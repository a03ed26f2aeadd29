"""Webhooks of a Prometheus Alertmanager, which signs nothing: it gives a token or a password.

Source: Prometheus Alertmanager, "Configuration", "<webhook_config>", version 4 of the body.
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

NAME = "alertmanager"
NAMED = True
MAX_BODY_BYTES = alert_groups.MAX_BODY_BYTES
PROOF: Proof = "password"
FORGIVING = False

_VERSION = "4"


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential whose token the sender bears, or whose user and password it gives."""
    del body, now
    return find_bearer(headers, credentials) or find_user(headers, credentials)


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which an Alertmanager whose `credentials` are `secret` posts `body`."""
    del kind, body, delivery_id, now
    return {"Content-Type": "application/json", "Authorization": f"Bearer {header_value(secret)}"}


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """The body is its own id, for there is no other; the same one after a minute is news again."""
    del headers
    envelope = peek(replace_nuls(body), alert_groups.ENVELOPES)
    if envelope.version != _VERSION or envelope.org_id is not None:
        raise PayloadError(
            'this is no body of version "4", which Alertmanager posts where no payload of its own is '
            "configured; Grafana has a source of its own"
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
