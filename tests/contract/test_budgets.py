"""What every budget keeps, wherever it counts. `ours` and `theirs` are two processes with one account."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fakes.clock import FakeClock
from trainboard.budgets import Lane, Notice, Quota, Window
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import LimitedError
from trainboard.store.budgets import StoredBudgets
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

ACCOUNT = "github:api.github.com/app:4711/acme"
MINUTE = Window(name="writes_minute", seconds=60, most=20)
HOUR = Window(name="writes_hour", seconds=3600, most=50)
WINDOWS = (MINUTE, HOUR)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def processes(request, clock, tmp_path):
    """The budgets of two processes; in memory there is only one."""
    if request.param == "memory":
        yield [MemoryBudgets(clock)] * 2
        return
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/trainboard.db" if sqlite else request.getfixturevalue("postgresql_url")
    databases = [Database(url), Database(url)]
    upgrade(databases[0])
    yield [StoredBudgets(database, clock) for database in databases]
    for database in databases:
        database.close()


@pytest.fixture
def ours(processes):
    return processes[0].of(ACCOUNT, WINDOWS)


@pytest.fixture
def theirs(processes):
    return processes[1].of(ACCOUNT, WINDOWS)


def wait_of(budget, lane=Lane.COMMAND, *, writes=True):
    """The seconds that a call must wait, 0 if it was admitted."""
    try:
        budget.admit("write", lane, writes=writes)
    except LimitedError as error:
        return error.retry_after_seconds
    return 0


def test_two_processes_fill_one_window(ours, theirs, clock):
    """Together they send what one may send."""
    assert [0] * 20 + [75] * 2 == [wait_of(each) for _ in range(11) for each in (ours, theirs)]
    clock.forward(seconds=75)
    assert [0, 0] == [wait_of(ours), wait_of(theirs)]


def test_an_hour_has_its_own_window(ours, theirs, clock):
    """However evenly they come, no more than fifty go out in an hour."""
    waits = []
    for _ in range(30):
        waits += [wait_of(ours), wait_of(theirs)]
        clock.forward(seconds=30)
    assert ([0] * 50, 2865) == (waits[:50], waits[50])


def test_a_refusal_is_a_sentence(ours):
    """It says what was not done, and why."""
    for _ in range(20):
        ours.admit("write", Lane.COMMAND, writes=True)
    with pytest.raises(
        LimitedError, match=r"^Did not comment on issue 5 yet: the writes of one minute are used up; 75"
    ):
        ours.admit("comment on issue 5", Lane.COMMAND, writes=True)


def test_a_block_that_one_was_told_of_holds_for_the_other(ours, theirs, clock):
    """Also for reads and commands, and until it ends."""
    assert 90 == ours.note(Notice(limited=True, wait_seconds=90))
    clock.forward(seconds=30)
    assert [60, 60] == [wait_of(theirs), wait_of(theirs, writes=False)]
    clock.forward(seconds=60)
    assert 0 == wait_of(theirs)


def test_unnamed_blocks_double_wherever_they_are_met(ours, theirs, clock):
    """The second process does not begin anew."""
    waits = []
    for each in (ours, theirs, ours):
        waits.append(each.note(Notice(limited=True)))
        clock.forward(seconds=waits[-1])
    assert theirs.note(Notice()) is None
    assert [60, 120, 240, 60] == [*waits, ours.note(Notice(limited=True))]


def test_the_first_answer_may_come_before_any_call(ours, theirs):
    """A budget of which nothing is known yet learns from what it is told."""
    assert theirs.note(Notice(quota=Quota(limit=5000, remaining=0, resets_in_seconds=77))) is None
    assert 77 == wait_of(ours)


def test_calls_under_way_are_counted(ours, theirs):
    """Two calls are left: before the answers are there, a third is not sent."""
    ours.note(Notice(quota=Quota(limit=5000, remaining=2, resets_in_seconds=600)))
    assert [0, 0, 600] == [wait_of(theirs), wait_of(ours), wait_of(theirs)]


def test_chatter_leaves_a_reserve(ours, theirs):
    """It never fills the window, whoever sends it."""
    chatter = [wait_of(each, Lane.CHATTER) for _ in range(10) for each in (ours, theirs)]
    assert [0] * 14 + [75] * 6 == chatter
    assert [0] * 6 == [wait_of(theirs) for _ in range(6)]
    assert 75 == wait_of(ours)


def test_those_who_wait_do_not_all_come_back_at_once(ours, theirs):
    """The line is one for both: twenty after a minute, ten after another, the rest after an hour."""
    waits = [wait_of(each) for _ in range(26) for each in (ours, theirs)]
    assert [0] * 20 + [75] * 20 + [150] * 10 + [3615] * 2 == waits


def test_accounts_are_apart(processes, ours):
    """Another owner's repositories, another budget."""
    other = processes[1].of(f"{ACCOUNT}-other", WINDOWS)
    ours.note(Notice(limited=True, wait_seconds=90))
    assert ([90], [0] * 20) == ([wait_of(ours)], [wait_of(other) for _ in range(20)])


def test_threads_of_two_processes_race(ours, theirs):
    """Sixteen threads, all at once: exactly what the window holds goes out."""
    barrier = threading.Barrier(16)

    def send(number):
        barrier.wait()
        return [wait_of((ours, theirs)[number % 2]) for _ in range(5)].count(0)

    with ThreadPoolExecutor(16) as pool:
        assert 20 == sum(pool.map(send, range(16)))
