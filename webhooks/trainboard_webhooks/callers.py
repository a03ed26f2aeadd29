"""Senders that cannot sign: a secret that they give with each message, or a token that Entra gave them."""

from collections.abc import Iterator, Mapping, Sequence

from trainboard_webhooks import Credential
from trainboard_webhooks.entra import is_entra_token
from trainboard_webhooks.passwords import header_value, is_basic, is_secret
from trainboard_webhooks.query import read_query

SECRET_HEADER = "X-Trainboard-Secret"  # noqa: S105  the header's name


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
    found = find_bearer(headers, credentials)
    if found is not None:
        return found
    for known in credentials:
        if known.entra is not None and is_entra_token(headers.get("authorization"), known.entra, now):
            return known
    return None
