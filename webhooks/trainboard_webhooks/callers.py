"""Senders that cannot sign: a secret that they give with each message, or a token that Entra gave them."""

from collections.abc import Mapping, Sequence

from trainboard_webhooks import Credential
from trainboard_webhooks.entra import is_entra_token
from trainboard_webhooks.passwords import is_secret


def find_bearer(headers: Mapping[str, str], credentials: Sequence[Credential]) -> Credential | None:
    """The credential one of whose secrets is the bearer token, the secret header, or in the query."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    given = [token.strip()] if scheme.lower() == "bearer" else []
    for known in credentials:
        if any(is_secret(secret, known.secrets) for secret in given):
            return known
    return None


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
