"""When to try again, by the class of the error."""

import random
from datetime import timedelta

import msgspec
from sqlalchemy.exc import InterfaceError, OperationalError

from trainboard.errors import LimitedError, NotYetError, PermanentError, TrainboardError, TransientError

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 3600.0
LONGEST_NAMED_SECONDS = 86_400.0
BUG_ATTEMPTS = 5

_FORESEEN = (TrainboardError, OperationalError, InterfaceError)


class Verdict(msgspec.Struct, frozen=True):
    """What to do after a failed try: wait `delay` and count `attempts`, or give up if `delay` is None."""

    delay: timedelta | None
    attempts: int


def judge(
    error: Exception,
    attempts: int,
    max_attempts: int,
    chance: random.Random,
    longest_seconds: float = LONGEST_SECONDS,
) -> Verdict:
    """What to do after try number `attempts` + 1 failed with `error`.

    A limit or something of ours that must come first uses up no attempt; what cannot succeed is
    given up at once; all else waits twice as long each time, with jitter, also while our own database
    is full or away, and longer if the other side names a longer time. What is tried more often, because
    `longest_seconds` are few, is tried for as long as anything else. An error that nobody foresaw is a bug
    of ours: it is given up soon, so that it does not hold back what waits behind it.
    """
    if isinstance(error, LimitedError | NotYetError):
        return Verdict(_named(error) or timedelta(seconds=60), attempts)
    attempts += 1
    if isinstance(error, PermanentError) or _is_last(error, attempts, max_attempts, longest_seconds):
        return Verdict(None, attempts)
    named = _named(error) if isinstance(error, TransientError) else None
    return Verdict(max(named or timedelta(0), _back_off(attempts, chance, longest_seconds)), attempts)


def _is_last(error: Exception, attempts: int, max_attempts: int, longest_seconds: float) -> bool:
    if not isinstance(error, _FORESEEN):
        return attempts >= min(max_attempts, BUG_ATTEMPTS)
    return _take_seconds(attempts, longest_seconds) >= _take_seconds(max_attempts, LONGEST_SECONDS)


def _take_seconds(attempts: int, longest_seconds: float) -> float:
    """The most that the pauses after so many attempts take together."""
    return sum(_longest(number, longest_seconds) for number in range(1, attempts + 1))


def _named(error: TransientError) -> timedelta | None:
    seconds = error.retry_after_seconds
    return None if seconds is None else timedelta(seconds=min(max(0.0, seconds), LONGEST_NAMED_SECONDS))


def _back_off(attempts: int, chance: random.Random, longest_seconds: float) -> timedelta:
    longest = _longest(attempts, longest_seconds)
    return timedelta(seconds=chance.uniform(longest / 2, longest))


def _longest(attempts: int, longest_seconds: float) -> float:
    """The seconds of the pause after that attempt, without jitter."""
    return min(longest_seconds, FIRST_SECONDS * 2.0 ** min(attempts - 1, 32))
