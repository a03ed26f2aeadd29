"""Passwords in headers. A check never raises, and what is right of a wrong one does not show in its time."""

import base64
import binascii
import hmac
from collections.abc import Iterable


def basic_authorization(user: str, password: str) -> str:
    """The value of `Authorization`.

    Source: RFC 7617, "The 'Basic' HTTP Authentication Scheme".
    """
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def is_basic(authorization: str | None, user: str, passwords: Iterable[str]) -> bool:
    """True if `authorization` is that of `user` with one of `passwords`."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return _is_one(given, [f"{user}:{password}" for password in passwords if password])


def header_value(secret: str) -> str:
    """`secret` as the value of a header: its UTF-8 bytes, as HTTP libraries take them."""
    return secret.encode().decode("latin-1")


def is_secret(value: str | None, secrets: Iterable[str]) -> bool:
    """True if the header's `value` is one of `secrets`."""
    try:
        given = (value or "").encode("latin-1")
    except UnicodeEncodeError:
        return False
    return _is_one(given, [secret for secret in secrets if secret])


def _is_one(given: bytes, wanted: list[str]) -> bool:
    return any(hmac.compare_digest(given, one.encode()) for one in wanted)
