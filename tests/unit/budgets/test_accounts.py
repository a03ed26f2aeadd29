"""What an account may do: never more than its windows hold, whatever the clocks do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.clock import FakeClock
from trainboard.budgets import Lane, Notice, Quota, Window
from trainboard.budgets.accounts import SLACK_SECONDS, Account, Used

MINUTE = Window(name="writes_minute", seconds=60, most=20)
HOUR = Window(name="writes_hour", seconds=3600, most=50)
POINTS = Window(name="points_minute", seconds=60, most=40, read=1, write=5)
WINDOWS = (MINUTE, HOUR, POINTS)
START = datetime(2026, 11, 18, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)

PAUSES = [0, 0, 0.5, 14, 29, 44.5, 45, 46, 59, 59.5, 60, 74, 75, 3550, 3600]
SMALL = (
    Window(name="writes_minute", seconds=60, most=6),
    Window(name="writes_hour", seconds=3600, most=8),
    Window(name="points_minute", seconds=60, most=34, read=1, write=5),
)
bursts = st.tuples(
    st.sampled_from(PAUSES),  # true seconds that pass before
    st.sampled_from([0, 0, 0, 1, 14, 16, 400_000]),  # seconds that the clock is set back
    st.integers(0, 1),  # which process
    st.sampled_from([Lane.COMMAND, Lane.COMMAND, Lane.CHATTER]),
    st.sampled_from([True, True, False]),
    st.sampled_from([1, 3, 6, 40]),  # how many calls at once
)
histories = st.lists(bursts, max_size=12)


@pytest.fixture
def clock():
    return FakeClock(START)


@pytest.fixture
def account():
    return Account(windows=WINDOWS)


def admitted(account, clock, lane=Lane.COMMAND, *, writes=True, most=1000):
    """How many calls in a row are admitted."""
    return next(n for n in range(most) if account.admit(clock(), lane, writes=writes) is not None)


@settings(max_examples=500, deadline=None)
@given(histories, st.tuples(st.sampled_from([0.0, 14.9]), st.sampled_from([0.0, SLACK_SECONDS])))
def test_no_window_ever_holds_more_than_it_may(history, skew):
    """Processes whose clocks differ by up to the slack, and are set back at will, count together."""
    account, elapsed, behind, calls = Account(windows=SMALL), 0.0, 0.0, []
    for pause, set_back, process, lane, writes, burst in history:
        elapsed += pause
        behind += set_back
        now = START + timedelta(seconds=elapsed - behind + skew[process])
        told = [account.admit(now, lane, writes=writes) for _ in range(burst)]
        calls += [(elapsed, writes)] * told.count(None)
    for window in SMALL:
        costs = [(at, window.write if writes else window.read) for at, writes in calls]
        for end in {at for at, _ in costs}:
            assert window.most >= sum(cost for at, cost in costs if end - window.seconds < at <= end)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 90), st.booleans()), max_size=120))
def test_chatter_never_starves_a_command(history):
    """However much chatter came, a command that comes now goes out now."""
    account, now = Account(windows=WINDOWS), START
    for pause, writes in history:
        now += timedelta(seconds=pause)
        account.admit(now, Lane.CHATTER, writes=writes)
    assert account.admit(now, Lane.COMMAND, writes=True) is None


@settings(deadline=None)
@given(histories)
def test_who_waits_as_long_as_told_is_not_sent_away_for_long(history):
    """A write that was deferred, and comes back when it was told to, goes out if nobody else came."""
    account, now = Account(windows=WINDOWS), START
    for pause, _, _, lane, writes, burst in history:
        now += timedelta(seconds=pause)
        for _ in range(burst):
            account.admit(now, lane, writes=writes)
    deferral = account.admit(now, Lane.CHATTER, writes=True)
    if deferral is not None:
        assert account.admit(now + timedelta(seconds=deferral.seconds), Lane.CHATTER, writes=True) is None


def test_each_lane_leaves_a_reserve(clock, account):
    """The less urgent, the less of the window: the rest is for those above."""
    counts = [admitted(account, clock, lane) for lane in reversed(Lane)]
    assert [5, 1, 1, 0, 1] == counts  # of 8 writes that 40 points allow


def test_reads_do_not_wait_for_writes(clock):
    """A window that reads take nothing from does not stop them."""
    account = Account(windows=(MINUTE,))
    assert 20 == admitted(account, clock)
    assert account.admit(clock(), Lane.CHATTER, writes=False) is None


def test_reads_wait_for_points(clock, account):
    """Where reads cost too, they wait until enough are a minute old."""
    for _ in range(40):
        assert account.admit(clock(), Lane.COMMAND, writes=False) is None
        clock.forward(seconds=1)
    deferral = account.admit(clock(), Lane.COMMAND, writes=False)
    assert (35.0, "the points of one minute are used up") == (deferral.seconds, deferral.reason)


def test_a_refusal_says_what_is_used_up(clock):
    """People read it at the effect that waits."""
    account = Account(windows=(MINUTE, HOUR))
    admitted(account, clock)
    error = account.admit(clock(), Lane.EDIT, writes=True).to_error("comment")
    assert "Did not comment yet: the writes of one minute are used up; 75 more seconds." == str(error)
    assert 75 == error.retry_after_seconds


def test_those_who_wait_come_back_one_after_the_other(clock):
    """Sixty wait, twenty a minute and fifty an hour: nobody is told to come when there is no room."""
    account = Account(windows=(MINUTE, HOUR))
    admitted(account, clock)
    waits = [75] + [account.admit(clock(), Lane.COMMAND, writes=True).seconds for _ in range(59)]
    assert [75] * 20 + [150] * 10 + [3615] * 20 + [3690] * 10 == waits


def test_who_was_overtaken_keeps_its_place(clock):
    """Commands took the room for which chatter came back: it is told the next, not the last in the line."""
    account = Account(windows=(MINUTE,))
    admitted(account, clock, Lane.CHATTER)
    assert [75] * 13 + [150] * 14 == [
        account.admit(clock(), Lane.CHATTER, writes=True).seconds for _ in range(27)
    ]
    clock.forward(seconds=75)
    admitted(account, clock, Lane.COMMAND)
    assert 75 == account.admit(clock(), Lane.CHATTER, writes=True).seconds


def test_the_more_urgent_wait_before_the_others(clock):
    """A command is not put behind chatter that waits."""
    account = Account(windows=(MINUTE,))
    admitted(account, clock)
    for _ in range(100):
        account.admit(clock(), Lane.CHATTER, writes=True)
    assert 75 == account.admit(clock(), Lane.COMMAND, writes=True).seconds


def test_all_who_wait_get_their_turn(clock):
    """A thousand writes come back when they were told to: all are done, each was sent away once or twice."""
    account, waiting, tries, done = Account(windows=(MINUTE, HOUR)), [(clock(), n) for n in range(1000)], 0, 0
    while waiting:
        waiting.sort()
        moment, number = waiting.pop(0)
        clock.now = max(clock.now, moment)
        tries += 1
        deferral = account.admit(clock(), Lane.CHATTER, writes=True)
        if deferral is None:
            done += 1
        else:
            waiting.append((clock() + timedelta(seconds=deferral.seconds), number))
    assert (1000, True) == (done, tries < 3 * 1000)
    assert clock() - START < 1000 / 35 * timedelta(seconds=3615)


def test_a_promise_that_nobody_takes_up_is_forgotten(clock):
    """Whoever waited may have been folded into another or given up."""
    account = Account(windows=(MINUTE,))
    for _ in range(5):
        admitted(account, clock)
    clock.forward(seconds=75 + SLACK_SECONDS + 1)
    assert (20, []) == (admitted(account, clock), account.promises[Lane.COMMAND][1:])


def test_old_spends_are_forgotten(clock, account):
    """The state does not grow with time."""
    for _ in range(500):
        account.admit(clock(), Lane.COMMAND, writes=True)
        account.admit(clock(), Lane.COMMAND, writes=False)
        clock.forward(seconds=30)
    assert (True, True) == (len(account.writes) <= 122, len(account.reads) <= 4)


def test_a_block_stops_everything(clock, account):
    """What the platform names holds for commands and for reads."""
    assert 90 == account.note(clock(), Notice(limited=True, wait_seconds=90))
    clock.forward(seconds=30)
    assert 60 == account.admit(clock(), Lane.COMMAND, writes=False).seconds
    assert 60 == account.blocked_seconds(clock())
    clock.forward(seconds=60)
    assert account.admit(clock(), Lane.CHATTER, writes=True) is None
    assert 0 == account.blocked_seconds(clock())


def test_a_shorter_block_does_not_undo_a_longer(clock, account):
    """Answers overtake each other between threads."""
    assert [90, 5] == [account.note(clock(), Notice(limited=True, wait_seconds=each)) for each in (90, 5)]
    assert 90 == account.blocked_seconds(clock())


def test_a_call_that_was_done_may_ask_to_slow_down(clock, account):
    """The call itself succeeded, and those after it wait."""
    assert account.note(clock(), Notice(wait_seconds=20)) is None
    assert 20 == account.admit(clock(), Lane.COMMAND, writes=False).seconds


def test_blocks_without_a_time_double(clock, account):
    """From a minute to an hour; those under way when the first came do not count; success begins anew."""
    waits = []
    for _ in range(8):
        waits.append(account.note(clock(), Notice(limited=True)))
        assert waits[-1] == account.note(clock(), Notice(limited=True))
        clock.forward(seconds=waits[-1])
    account.note(clock(), Notice())
    waits.append(account.note(clock(), Notice(limited=True)))
    assert [60, 120, 240, 480, 960, 1920, 3600, 3600, 60] == waits


def test_an_unnamed_block_within_a_named_one(clock, account):
    """It is the first that names no time: a minute."""
    account.note(clock(), Notice(limited=True, wait_seconds=300))
    assert 60 == account.note(clock(), Notice(limited=True))


def test_the_platforms_quota_is_used_up(clock):
    """The least urgent stop first; then nothing goes out before the reset."""
    account = Account()
    account.note(clock(), Notice(quota=Quota(limit=1000, remaining=51, resets_in_seconds=600)))
    assert 1 == admitted(account, clock, Lane.CHATTER)
    assert [600, 20, 10, 10, 10] == [
        account.admit(clock(), Lane.CHATTER, writes=False).seconds,
        *(admitted(account, clock, lane) for lane in (Lane.EDIT, Lane.CREATE, Lane.CLOSE, Lane.COMMAND)),
    ]
    assert 0 == account.find_remaining(clock())
    clock.forward(seconds=600)
    assert account.find_remaining(clock()) is None
    assert account.admit(clock(), Lane.CHATTER, writes=False) is None


def test_answers_that_overtake_each_other(clock):
    """Of one period the least counts, of the next the newest; calls under way are counted."""
    account = Account()
    for remaining, resets, expected in ((10, 600, 10), (12, 600, 10), (4, 599, 4), (900, 3600, 900)):
        account.note(clock(), Notice(quota=Quota(limit=1000, remaining=remaining, resets_in_seconds=resets)))
        assert expected == account.find_remaining(clock())
    account.admit(clock(), Lane.COMMAND, writes=True)
    assert 899 == account.find_remaining(clock())


def test_a_clock_that_was_wrong_for_a_year_blocks_nothing(clock, account):
    """It ran ahead, things were counted and blocked and promised; then it was set right."""
    clock.forward(days=365)
    admitted(account, clock)
    account.note(clock(), Notice(limited=True, wait_seconds=60))
    account.note(clock(), Notice(quota=Quota(limit=9, remaining=9, resets_in_seconds=60)))
    clock.forward(days=-365)
    assert 75 == account.admit(clock(), Lane.COMMAND, writes=False).seconds
    assert 75 == account.blocked_seconds(clock())
    clock.forward(seconds=90)
    assert account.admit(clock(), Lane.COMMAND, writes=True) is None
    assert account.find_remaining(clock()) is None


def test_how_full_windows_are(clock, account):
    """Doctor and metrics show it."""
    account.admit(clock(), Lane.EDIT, writes=True)
    account.admit(clock(), Lane.EDIT, writes=False)
    account.admit(clock(), Lane.CHATTER, writes=False)
    assert [Used(window=MINUTE, used=1), Used(window=HOUR, used=1), Used(window=POINTS, used=7)] == (
        account.list_used(clock())
    )
    assert ([0, 0, 0, 2, 1], [0] * 5) == (account.admitted, account.deferred)
