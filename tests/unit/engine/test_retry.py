"""When a failed try is made again."""

import math
import random
from datetime import timedelta
from itertools import count, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import InterfaceError, OperationalError

from trainboard.engine.retry import Verdict, judge
from trainboard.errors import (
    DoubtError,
    LimitedError,
    MissingError,
    NotYetError,
    PermanentError,
    TransientError,
)

CHANCE = random.Random(7)


def verdict(error, attempts=0, max_attempts=8):
    return judge(error, attempts, max_attempts, CHANCE)


@pytest.mark.parametrize("kind", [LimitedError, NotYetError])
def test_a_limit_is_no_failure(kind):
    """It waits as long as the other side said, a minute where it said nothing, and counts no try."""
    assert Verdict(timedelta(seconds=90), 7) == verdict(kind("slow", retry_after_seconds=90.0), 7)
    assert Verdict(timedelta(seconds=60), 7) == verdict(kind("slow"), 7)
    assert Verdict(timedelta(seconds=60), 7) == verdict(kind("slow", retry_after_seconds=0.0), 7)


@pytest.mark.parametrize("error", [PermanentError("no"), MissingError("gone")])
def test_what_cannot_succeed_is_given_up_at_once(error):
    """The first try was the last."""
    assert Verdict(None, 1) == verdict(error)


@pytest.mark.parametrize("error", [TransientError("away"), DoubtError("who knows")])
def test_the_last_try_is_the_one_that_the_settings_say(error):
    """Each failure counts, and after the last one it is given up."""
    assert (7, True) == (verdict(error, 6).attempts, verdict(error, 6).delay is not None)
    assert Verdict(None, 8) == verdict(error, 7)


def test_an_error_that_nobody_foresaw_is_given_up_soon():
    """It holds back all that waits behind it."""
    bug = ValueError("a bug")
    assert verdict(bug, 3, 20).delay is not None
    assert Verdict(None, 5) == verdict(bug, 4, 20)
    assert Verdict(None, 2) == verdict(bug, 1, 2)


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_a_database_that_is_full_or_away_is_no_bug(kind):
    """A delivery that was acknowledged does not die of it in half a minute."""
    full = kind("INSERT", {}, Exception("database or disk is full"))
    assert verdict(full, 18, 20).delay is not None
    assert Verdict(None, 20) == verdict(full, 19, 20)


def test_the_tries_of_the_default_outlast_an_outage_of_hours():
    """Twenty tries take between five and eleven hours."""
    waits = [verdict(TransientError("away"), attempt, 20).delay for attempt in range(19)]
    assert timedelta(hours=4.5) < sum(waits, timedelta()) < timedelta(hours=11)


@pytest.mark.parametrize("longest_seconds", [60.0, 300.0, 3600.0])
def test_what_is_tried_often_is_tried_for_as_long(longest_seconds):
    """A command that somebody waits for outlasts the outage that an edit outlasts."""
    waits = list(takewhile(bool, (wait(attempt, longest_seconds) for attempt in count())))
    assert timedelta(hours=4.5) < sum(waits, timedelta()) < timedelta(hours=11)


def wait(attempts, longest_seconds):
    """The pause after that many tries and one more, None if it was the last."""
    return judge(TransientError("away"), attempts, 20, CHANCE, longest_seconds).delay


@pytest.mark.parametrize("kind", [TransientError, DoubtError])
def test_a_failure_waits_as_long_as_was_named(kind):
    """And it counts."""
    assert Verdict(timedelta(seconds=20), 3) == verdict(kind("busy", retry_after_seconds=20.0), 2)


@pytest.mark.parametrize("kind", [TransientError, DoubtError])
def test_a_short_time_that_is_named_again_and_again_does_not_use_up_the_tries(kind):
    """Whoever answers "in five seconds" for an hour is waited for longer and longer."""
    waits = [verdict(kind("busy", retry_after_seconds=5.0), attempt, 20).delay for attempt in range(19)]
    assert timedelta(hours=4.5) < sum(waits, timedelta()) < timedelta(hours=11)


@pytest.mark.parametrize(
    ("named", "seconds"),
    [(-5.0, 60), (math.nan, 60), (1e300, 86_400), (math.inf, 86_400), (86_401.0, 86_400)],
)
def test_a_time_that_nobody_can_mean_is_bounded(named, seconds):
    """What the other side names is data: it neither fails us nor makes us wait for ever."""
    assert timedelta(seconds=seconds) == verdict(LimitedError("slow", retry_after_seconds=named)).delay


@given(st.integers(0, 5000))
def test_pauses_double_up_to_an_hour(attempts):
    """With jitter of half the pause, however many tries there were."""
    longest = min(3600.0, 2.0 * 2 ** min(attempts, 20))

    delay = verdict(TransientError("away"), attempts, 10_000).delay

    assert longest / 2 <= delay.total_seconds() <= longest
