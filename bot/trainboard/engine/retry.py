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
    is full or away. An error that nobody foresaw is a bug of ours: it is given up soon, so that it does
    not hold back what waits behind it.
    """
    if isinstance(error, LimitedError | NotYetError):
        return Verdict(_named(error) or timedelta(seconds=60), attempts)
    attempts += 1
    most = max_attempts if isinstance(error, _FORESEEN) else min(max_attempts, BUG_ATTEMPTS)
    if isinstance(error, PermanentError) or attempts >= most:
        return Verdict(None, attempts)
    named = _named(error) if isinstance(error, TransientError) else None
    return Verdict(named or _back_off(attempts, chance, longest_seconds), attempts)


def _named(error: TransientError) -> timedelta | None:
    seconds = error.retry_after_seconds
    return None if seconds is None else timedelta(seconds=min(max(0.0, seconds), LONGEST_NAMED_SECONDS))


def _back_off(attempts: int, chance: random.Random, longest_seconds: float) -> timedelta:
    longest = min(longest_seconds, FIRST_SECONDS * 2.0 ** min(attempts - 1, 32))
    return timedelta(seconds=chance.uniform(longest / 2, longest))
