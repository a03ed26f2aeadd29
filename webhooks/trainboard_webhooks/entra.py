"""Tokens of Microsoft Entra, with which services of Azure, and jobs with an identity there, prove themselves.

Source: Microsoft, "Access token claims reference" (versions 1 and 2), "Action groups" (secure webhook) and
"Publish events to Microsoft Entra protected endpoints" (Event Grid).
"""

import msgspec

from trainboard_webhooks.bearer_tokens import Claims, is_time, read_bearer
from trainboard_webhooks.signing_keys import SigningKeys

CLOCK_SKEW_SECONDS = 300


class EntraTrust(msgspec.Struct, frozen=True, kw_only=True):
    """Whose tokens are believed.

    `issuers` are the tenant's names in tokens of both versions, `audiences` the names of the app that
    stands for us, `callers` the ids of the apps that may call, and `objects` those of the principals that
    may; `role` is what each needs, empty: none.
    """

    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
    callers: tuple[str, ...]
    role: str
    keys: SigningKeys
    objects: tuple[str, ...] = ()


def read_entra_token(authorization: str | None, trust: EntraTrust, now: float) -> Claims | None:
    """What the token that `authorization` bears says, if it is for us and good at `now`, Unix seconds.

    Raises:
        TransientError: the token may be good; its key is not known yet.
    """
    return read_bearer(authorization, trust.keys, lambda claims: _fits(claims, trust, now))


def may_call(claims: Claims, trust: EntraTrust) -> bool:
    """True if it is one of those that may.

    An app that has a token for a person, whose scopes are then in `scp`, is that person and not the app.
    """
    if trust.role:
        roles = claims.get("roles")
        if not isinstance(roles, list) or trust.role not in roles:
            return False
    caller = claims.get("azp") or claims.get("appid")
    return claims.get("oid") in trust.objects or (caller in trust.callers and "scp" not in claims)


def _fits(claims: Claims, trust: EntraTrust, now: float) -> bool:
    """True if it is a token for us which is good now; whether it is signed is not looked at."""
    return (
        claims.get("iss") in trust.issuers
        and claims.get("aud") in trust.audiences
        and all(is_time(claims.get(name)) for name in ("exp", "iat"))
        and claims["exp"] + CLOCK_SKEW_SECONDS > now
        and claims["iat"] - CLOCK_SKEW_SECONDS <= now
        and (claims.get("nbf") is None or is_time(claims["nbf"]))
        and (claims.get("nbf") or 0) - CLOCK_SKEW_SECONDS <= now
    )
