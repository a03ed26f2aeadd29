"""Tokens with which jobs of GitHub Actions prove which job of which repository they are.

A repository is known by its number and that of its owner, which nobody else ever gets; the claim `sub` is
not looked at, whose form changes.

Source: GitHub, "OpenID Connect reference".
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from trainboard.deliveries import Token
from trainboard.fingerprints import fingerprint
from trainboard_webhooks.bearer_tokens import Claims, is_time, read_bearer
from trainboard_webhooks.payload import shorten
from trainboard_webhooks.signing_keys import SigningKeys

if TYPE_CHECKING:
    from trainboard_webhooks import Credential

CLOCK_SKEW_SECONDS = 60

_LATEST = 253402300799
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_MOST_CHARACTERS = 256
_log = structlog.get_logger(__name__)


class JobTrust(msgspec.Struct, frozen=True, kw_only=True):
    """Whose jobs are believed: those of the repositories with the numbers `repository_ids`, all of one owner.

    `web` is the address of GitHub itself, whose tokens `issuer` signs for the `audience` that we are.
    """

    issuer: str
    audience: str
    web: str
    owner_id: str
    repository_ids: frozenset[str]
    keys: SigningKeys


class JobToken(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says of its job; texts that it does not tell are empty."""

    token: Token
    web: str
    repository: str
    run_id: str
    attempt: int
    ref: str
    head_ref: str
    commit: str
    actor: str


def find_job(
    headers: Mapping[str, str], credentials: "Sequence[Credential]", now: float
) -> "Credential | None":
    """The credential that believes the token which the sender bears at `now`; its `job` is what that says.

    Raises:
        TransientError: the token may be good; its key is not known yet.
    """
    authorization = headers.get("authorization")
    if not authorization:
        return None
    stranger: Claims | None = None
    for known in credentials:
        if known.jobs is None:
            continue
        claims = _read_claims(authorization, known.jobs, now)
        if claims is not None and _is_bound(claims, known.jobs):
            return msgspec.structs.replace(known, job=_read(claims, known.jobs))
        stranger = claims or stranger
    if stranger is not None:
        _log.warning("a job of another repository was refused", repository=_shown(stranger))
    return None


def _read_claims(authorization: str, trust: JobTrust, now: float) -> Claims | None:
    return read_bearer(authorization, trust.keys, lambda claims: _fits(claims, trust, now))


def _fits(claims: Claims, trust: JobTrust, now: float) -> bool:
    """True if it is a token for us which is good now; whether it is signed is not looked at."""
    return (
        claims.get("iss") == trust.issuer
        and claims.get("aud") == trust.audience
        and all(is_time(claims.get(name)) for name in ("exp", "iat"))
        and now - CLOCK_SKEW_SECONDS < claims["exp"] <= _LATEST
        and claims["iat"] - CLOCK_SKEW_SECONDS <= now
        and (claims.get("nbf") is None or is_time(claims["nbf"]))
        and (claims.get("nbf") or 0) - CLOCK_SKEW_SECONDS <= now
        and 0 < len(_text(claims, "jti")) <= _MOST_CHARACTERS
    )


def _is_bound(claims: Claims, trust: JobTrust) -> bool:
    """True for a job of ours that tells all of itself."""
    return (
        _text(claims, "repository_owner_id") == trust.owner_id
        and _text(claims, "repository_id") in trust.repository_ids
        and _REPOSITORY.fullmatch(_text(claims, "repository")) is not None
        and _NUMBER.fullmatch(_text(claims, "run_id")) is not None
        and _COMMIT.fullmatch(_text(claims, "sha")) is not None
    )


def _read(claims: Claims, trust: JobTrust) -> JobToken:
    attempt = _text(claims, "run_attempt")
    spent = fingerprint(trust.issuer, _text(claims, "jti"))
    until = datetime.fromtimestamp(claims["exp"] + CLOCK_SKEW_SECONDS, UTC)
    return JobToken(
        token=Token(spent, until),
        web=trust.web,
        repository=_text(claims, "repository"),
        run_id=_text(claims, "run_id"),
        attempt=int(attempt) if _NUMBER.fullmatch(attempt) else 1,
        ref=_text(claims, "ref"),
        head_ref=_text(claims, "head_ref"),
        commit=_text(claims, "sha"),
        actor=_text(claims, "actor"),
    )


def _shown(claims: Claims) -> str:
    numbers = (_text(claims, name) for name in ("repository", "repository_id", "repository_owner_id"))
    return shorten(" ".join(filter(None, numbers)), 300)


def _text(claims: Claims, name: str) -> str:
    value: Any = claims.get(name)
    return value if isinstance(value, str) else ""
