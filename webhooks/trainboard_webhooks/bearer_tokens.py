"""JSON Web Tokens that a sender bears, signed by an issuer whose public keys are fetched."""

from collections.abc import Callable, Mapping
from typing import Any

from trainboard_webhooks.signing_keys import SigningKeys

Claims = Mapping[str, Any]

_ALGORITHM = "RS256"
_MAX_TOKEN_CHARACTERS = 16_384


def read_bearer(
    authorization: str | None, keys: SigningKeys, fits: Callable[[Claims], bool]
) -> Claims | None:
    """What a token says that is signed by one of `keys` and that `fits`; None for any other.

    What does not fit is refused before a key is asked for.

    Raises:
        TransientError: the token may be good; its key is not known yet.
    """
    import jwt

    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= _MAX_TOKEN_CHARACTERS:
        return None
    try:
        header = jwt.get_unverified_header(token)
        claims: Claims = jwt.decode(token, options={"verify_signature": False})
        if header.get("alg") != _ALGORITHM or not fits(claims):
            return None
        key_id = header.get("kid")
        if not isinstance(key_id, str):
            return None
        jwt.decode(token, keys.get(key_id), algorithms=[_ALGORITHM], options=_SIGNATURE_ONLY)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return claims


def is_time(value: object) -> bool:
    """True for Unix seconds, as a claim tells times."""
    return isinstance(value, int | float) and not isinstance(value, bool)


_SIGNATURE_ONLY: Any = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
