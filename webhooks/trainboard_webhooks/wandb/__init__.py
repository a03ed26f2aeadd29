"""Webhooks of W&B's automations: hints, because they name no run.

Source: W&B, "Create a webhook automation" and "Automation events and scopes".
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence

from trainboard.events import Event, PollDue
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.callers import find_bearer
from trainboard_webhooks.payload import Payload, shorten

NAME = "wandb"
NAMED = True
MAX_BODY_BYTES = 256 * 1024
PROOF: Proof = "signature"
FORGIVING = False

RENEWS_SECONDS = 60

_SIGNATURE = "x-wandb-signature"
_DIGEST_BYTES = hashlib.sha256().digest_size
_MAX_CHARACTERS = 100


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential one of whose secrets signed the body, or is the access token that the sender bears."""
    del now
    given = read_signature(headers.get(_SIGNATURE))
    if given is None:
        return find_bearer(headers, credentials) if _SIGNATURE not in headers else None
    for known in credentials:
        keys = [secret.encode() for secret in known.secrets if secret]
        if any(hmac.compare_digest(given, hmac.digest(key, body, "sha256")) for key in keys):
            return known
    return None


def read_signature(value: str | None) -> bytes | None:
    """The MAC in a signature, in whichever of three ways it is written; None if it is none.

    W&B's documentation encodes it in base64, receivers that others published in hexadecimal digits, some of
    them behind `sha256=`. None of them can be taken for another.
    """
    text = (value or "").strip()
    try:
        digits = text.removeprefix("sha256=")
        if len(digits) == 2 * _DIGEST_BYTES:
            return bytes.fromhex(digits)
        found = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
    return found if len(found) == _DIGEST_BYTES else None


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which W&B posts `body`."""
    del kind, delivery_id, now
    mac = base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
    return {"Content-Type": "application/json", "X-Wandb-Signature": mac}


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """What the body says, once a minute: there is neither an id nor a time in it."""
    del headers
    payload = Payload.parse(body)
    return Identity(
        id=hashlib.sha256(body).hexdigest(),
        kind=shorten(_event(payload), _MAX_CHARACTERS).lower() or "event",
        entity=NAME,
        renews_seconds=RENEWS_SECONDS,
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """It is time to look, whatever happened."""
    del kind
    Payload.parse(body)
    return [PollDue(door=door)]


def _event(payload: Payload) -> str:
    found = payload.find("event")
    return "" if found is None else found.text()
