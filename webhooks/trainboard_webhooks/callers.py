"""Senders that cannot sign: a secret that they give with each message, or a token that Entra gave them."""

from collections.abc import Iterator, Mapping, Sequence

import structlog

from trainboard_webhooks import Credential
from trainboard_webhooks.bearer_tokens import Claims
from trainboard_webhooks.entra import may_call, read_entra_token
from trainboard_webhooks.passwords import header_value, is_basic, is_secret
from trainboard_webhooks.payload import shorten
from trainboard_webhooks.query import read_query

SECRET_HEADER = "X-Trainboard-Secret"  # noqa: S105  the header's name

_log = structlog.get_logger(__name__)


def find_bearer(headers: Mapping[str, str], credentials: Sequence[Credential]) -> Credential | None:
    """The credential one of whose secrets is the bearer token, the secret header, or in the query."""
    given = list(_given(headers))
    for known in credentials:
        if any(is_secret(secret, known.secrets) for secret in given):
            return known
    return None


def find_user(headers: Mapping[str, str], credentials: Sequence[Credential]) -> Credential | None:
    """The credential whose user and password the sender gives."""
    given = headers.get("authorization")
    return next(
        (known for known in credentials if known.user and is_basic(given, known.user, known.secrets)), None
    )


def _given(headers: Mapping[str, str]) -> Iterator[str]:
    """What the sender gives as a secret, as the value of a header would be."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield token.strip()
    yield headers.get(SECRET_HEADER.lower(), "")
    yield header_value(read_query(headers).get("secret", ""))


def find_caller(
    headers: Mapping[str, str], credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The same, or the credential that believes the token which the sender bears.

    Raises:
        TransientError: the token may be good; the key that signed it is not known yet.
    """
    return find_bearer(headers, credentials) or find_principal(headers, credentials, now)


def find_principal(
    headers: Mapping[str, str], credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential that believes the token which the sender bears.

    Whoever bears a token for us and is not known is told in the log: its ids are what settings would name.

    Raises:
        TransientError: the token may be good; the key that signed it is not known yet.
    """
    stranger: Claims | None = None
    for known in credentials:
        if known.entra is None:
            continue
        claims = read_entra_token(headers.get("authorization"), known.entra, now)
        if claims is not None and may_call(claims, known.entra):
            return known
        stranger = claims or stranger
    if stranger is not None:
        names = {name: shorten(str(stranger.get(name, "")), 100) for name in ("oid", "azp", "appid")}
        _log.warning("a caller that no source names was refused", **names)
    return None
