"""Tokens of Microsoft Entra, with which Azure's own services prove themselves.

Source: Microsoft, "Access tokens in the Microsoft identity platform" (claims of version 1 and 2), "Action
groups" (secure webhook) and "Publish events to Microsoft Entra protected endpoints" (Event Grid).
"""

import msgspec

from trainboard_webhooks.bearer_tokens import Claims, is_time, read_bearer
from trainboard_webhooks.signing_keys import SigningKeys

CLOCK_SKEW_SECONDS = 300


class EntraTrust(msgspec.Struct, frozen=True, kw_only=True):
    """Whose tokens are believed.

    `issuers` are the tenant's names in tokens of both versions, `audiences` the names of the app that
    stands for us, `callers` the ids of the apps that may call; `role` is what each needs, empty: none.
    """

    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
    callers: tuple[str, ...]
    role: str
    keys: SigningKeys


def is_entra_token(authorization: str | None, trust: EntraTrust, now: float) -> bool:
    """True if `authorization` bears a token that is believed at `now`, Unix seconds.

    Raises:
        TransientError: the token may be good; its key is not known yet.
    """
    return read_bearer(authorization, trust.keys, lambda claims: _fits(claims, trust, now)) is not None


def _fits(claims: Claims, trust: EntraTrust, now: float) -> bool:
    """True if the claims are those of a caller who may; whether they are signed is not looked at."""
    caller = claims.get("azp") or claims.get("appid")
    roles = claims.get("roles")
    return (
        claims.get("iss") in trust.issuers
        and claims.get("aud") in trust.audiences
        and caller in trust.callers
        and (not trust.role or (isinstance(roles, list) and trust.role in roles))
        and is_time(claims.get("exp"))
        and claims["exp"] + CLOCK_SKEW_SECONDS > now
        and (claims.get("nbf") is None or is_time(claims["nbf"]))
        and (claims.get("nbf") or 0) - CLOCK_SKEW_SECONDS <= now
    )
