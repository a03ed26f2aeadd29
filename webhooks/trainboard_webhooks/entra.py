"""Tokens of Microsoft Entra, with which Azure's own services prove themselves.

Source: Microsoft, "Access tokens in the Microsoft identity platform" (claims of version 1 and 2), "Action
groups" (secure webhook) and "Publish events to Microsoft Entra protected endpoints" (Event Grid).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from trainboard_webhooks.signing_keys import SigningKeys

CLOCK_SKEW_SECONDS = 300

_ALGORITHM = "RS256"
_MAX_TOKEN_CHARACTERS = 16_384


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
    import jwt

    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= _MAX_TOKEN_CHARACTERS:
        return False
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
        if header.get("alg") != _ALGORITHM or not _fits(claims, trust, now):
            return False
        key_id = header.get("kid")
        if not isinstance(key_id, str):
            return False
        jwt.decode(token, trust.keys.get(key_id), algorithms=[_ALGORITHM], options=_SIGNATURE_ONLY)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return False
    return True


_SIGNATURE_ONLY: Any = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


def _fits(claims: Mapping[str, Any], trust: EntraTrust, now: float) -> bool:
    """True if the claims are those of a caller who may; whether they are signed is not looked at."""
    caller = claims.get("azp") or claims.get("appid")
    roles = claims.get("roles")
    return (
        claims.get("iss") in trust.issuers
        and claims.get("aud") in trust.audiences
        and caller in trust.callers
        and (not trust.role or (isinstance(roles, list) and trust.role in roles))
        and _is_number(claims.get("exp"))
        and claims["exp"] + CLOCK_SKEW_SECONDS > now
        and (claims.get("nbf") is None or _is_number(claims["nbf"]))
        and (claims.get("nbf") or 0) - CLOCK_SKEW_SECONDS <= now
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
