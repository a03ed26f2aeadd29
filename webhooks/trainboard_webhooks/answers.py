"""What became of a request, and what a sender is told that gives up on a hook which is refused."""

import math
from enum import StrEnum
from typing import Literal

import structlog

from trainboard_webhooks.problem import Answer, render_answer, render_problem

Proof = Literal["signature", "password"]

RETRY_SECONDS = 5

_log = structlog.get_logger(__name__)

_STRANGER: dict[Proof, tuple[str, str]] = {
    "signature": (
        "The signature is missing, wrong or too old; check the secret and the sender's clock.",
        "HMAC-SHA256",
    ),
    "password": (
        "The user, the password or the secret header is missing or wrong; check the subscription's settings.",
        'Basic realm="trainboard"',
    ),
}


class Outcome(StrEnum):
    """What became of a request, for the metrics."""

    STORED = "stored"
    IN_PROGRESS = "in progress"
    DUPLICATE = "duplicate"
    AGAIN = "again"
    REPLAYED = "replayed token"
    GREETING = "greeting"
    IGNORED = "ignored"
    UNKNOWN = "unknown source"
    METHOD = "wrong method"
    TYPE = "wrong content type"
    TOO_LARGE = "too large"
    UNAUTHORIZED = "unauthorized"
    MALFORMED = "malformed"
    BROKEN_OFF = "broken off"
    UNAVAILABLE = "unavailable"


_HOPELESS = frozenset({Outcome.TYPE, Outcome.TOO_LARGE, Outcome.MALFORMED})


def forgive(
    door: str, outcome: Outcome, answer: Answer, *, proof: Proof, known: bool
) -> tuple[Outcome, Answer]:
    """What the sender is told at `door` in place of the refusal `answer`.

    A known sender is told of success where sending the same again could not help, and 503 where it
    could; whoever else sends is told 401 and nothing of the body. A request that is no POST is no
    delivery and is refused as everywhere.

    Source: Microsoft, "Troubleshoot service hooks": 410 disables a subscription for good, every other
    answer but 2xx, 408, 502, 503 and 504 puts it on probation without sending the notification again.
    """
    if outcome is Outcome.METHOD:
        return outcome, answer
    if not known:
        return Outcome.UNAUTHORIZED, render_stranger(proof)
    if outcome is Outcome.BROKEN_OFF:
        return Outcome.UNAVAILABLE, render_unavailable(RETRY_SECONDS)
    return ignore(door, answer.detail) if outcome in _HOPELESS else (outcome, answer)


def ignore(door: str, reason: str) -> tuple[Outcome, Answer]:
    """A delivery of a known sender that is not stored, and why."""
    _log.warning("delivery ignored", door=door, reason=reason)
    return Outcome.IGNORED, render_answer(200, {"status": Outcome.IGNORED.value, "reason": reason})


def render_stranger(proof: Proof) -> Answer:
    """The refusal of who does not prove to be known, in the way that `proof` names."""
    detail, challenge = _STRANGER[proof]
    return render_problem(401, detail, {"WWW-Authenticate": challenge})


def render_replayed() -> Answer:
    """The refusal of a token that another delivery came with."""
    detail = "The token came with another delivery already; ask for a new one."
    return render_problem(401, detail, {"WWW-Authenticate": 'Bearer error="invalid_token"'})


def render_unavailable(retry_seconds: float) -> Answer:
    """Also where a bug of ours is in the way: what is not stored must come again."""
    after = {"Retry-After": str(max(1, math.ceil(retry_seconds)))}
    return render_problem(503, "The delivery could not be stored; send it again.", after)
