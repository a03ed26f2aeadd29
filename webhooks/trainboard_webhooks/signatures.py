"""Signatures over raw bytes. A check never raises: what is missing or malformed proves nothing."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable

WINDOW_SECONDS = 300

_PREFIX = "whsec_"
_MAX_TIMESTAMP_DIGITS = 12
_MAX_SIGNATURES = 16


def hub_signature(key: bytes, body: bytes) -> str:
    """The value of `X-Hub-Signature-256`.

    Source: GitHub, "Validating webhook deliveries".
    """
    return "sha256=" + hmac.digest(key, body, "sha256").hex()


def is_hub_signed(signature: str | None, body: bytes, keys: Iterable[bytes]) -> bool:
    """True if `signature` is that of `body` with one of `keys`."""
    given = _header_bytes(signature)
    if given is None:
        return False
    return any(hmac.compare_digest(given, hub_signature(key, body).encode()) for key in keys if key)


def standard_key(secret: str) -> bytes:
    """The key in a Standard Webhooks secret, `whsec_` and base64.

    Source: Standard Webhooks specification, "Signature scheme".

    Raises:
        ValueError: the secret is not of that form, with how to make one.
    """
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX).encode(), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_PREFIX) or not key:
        raise ValueError('a secret must be "whsec_" and base64: echo "whsec_$(openssl rand -base64 32)"')
    return key


def standard_keys(secrets: Iterable[str]) -> list[bytes]:
    """The keys of those secrets that have the right form."""
    keys = []
    for secret in secrets:
        try:
            keys.append(standard_key(secret))
        except ValueError:
            continue
    return keys


def standard_signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """The value of `webhook-signature` for one key.

    Source: Standard Webhooks specification, "Signature scheme"; MLflow, "Webhooks", signs the
    same text under other header names.
    """
    message = b".".join([message_id.encode("latin-1"), timestamp.encode("latin-1"), body])
    return "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def is_standard_signed(
    message_id: str | None,
    timestamp: str | None,
    signatures: str | None,
    body: bytes,
    keys: Iterable[bytes],
    now: float,
) -> bool:
    """True if one of the space separated `signatures` is that of the message with one of `keys`.

    `timestamp` must lie within 300 seconds of `now` (Unix seconds), before or after.
    """
    given = _header_bytes(signatures)
    if given is None or _header_bytes(message_id) is None or not is_fresh(timestamp, now):
        return False
    candidates = given.split(b" ")[:_MAX_SIGNATURES]
    wanted = [
        standard_signature(key, message_id or "", timestamp or "", body).encode() for key in keys if key
    ]
    return any(hmac.compare_digest(one, other) for one in candidates for other in wanted)


def stamped_signature(key: bytes, stamp: str | None, body: bytes) -> str:
    """The hexadecimal MAC of the body, or of a time, a colon and the body.

    Source: Grafana, "Configure the webhook notifier", "HMAC signature".
    """
    message = body if stamp is None else stamp.encode("latin-1") + b":" + body
    return hmac.digest(key, message, "sha256").hex()


def is_stamped(
    signature: str | None, stamp: str | None, body: bytes, keys: Iterable[bytes], now: float, *, stamped: bool
) -> bool:
    """True if `signature` is that of the body with one of `keys`, and of a time that is near if `stamped`."""
    given = _header_bytes(signature)
    if given is None or (stamped and not is_fresh(stamp, now)):
        return False
    signed = stamp if stamped else None
    return any(
        hmac.compare_digest(given, stamped_signature(key, signed, body).encode()) for key in keys if key
    )


def is_fresh(timestamp: str | None, now: float) -> bool:
    """True for Unix seconds as text, within 300 seconds of `now`, before or after."""
    if not timestamp or len(timestamp) > _MAX_TIMESTAMP_DIGITS:
        return False
    if not (timestamp.isascii() and timestamp.isdigit()):
        return False
    return abs(now - int(timestamp)) <= WINDOW_SECONDS


def _header_bytes(value: str | None) -> bytes | None:
    """The bytes as they came over the wire, None for a header that is missing, empty or of no wire."""
    try:
        return value.encode("latin-1") if value else None
    except UnicodeEncodeError:
        return None
