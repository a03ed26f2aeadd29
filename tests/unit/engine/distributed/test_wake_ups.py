"""Wake-ups go out together, and whoever wakes does not wait."""

import queue
import threading
from datetime import UTC, datetime, timedelta

import pytest

from trainboard.engine.distributed import wake_ups
from trainboard.engine.distributed.wake_ups import WakeUps

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
PATIENCE_SECONDS = 20


class Taker:
    """Takes what is handed over; it is busy with the first until it may go on."""

    def __init__(self):
        self.taken = queue.Queue()
        self.may_go_on = threading.Event()

    def __call__(self, together):
        self.taken.put(dict(together))
        assert self.may_go_on.wait(PATIENCE_SECONDS)

    def next(self):
        return self.taken.get(timeout=PATIENCE_SECONDS)


@pytest.fixture
def taker():
    return Taker()


@pytest.fixture
def wakes(taker):
    made = WakeUps(taker)
    yield made
    taker.may_go_on.set()
    made.stop()


def test_what_is_woken_meanwhile_goes_out_together(wakes, taker):
    """Once for each mailbox, at the earliest of its moments; nobody who wakes waits for the one who takes."""
    wakes.put("in:a", NOW)
    assert {"in:a": NOW} == taker.next()
    for seconds in (3, 1, 2):
        wakes.put("in:b", NOW + timedelta(seconds=seconds))
        wakes.put("in:c", NOW)
    taker.may_go_on.set()

    assert {"in:b": NOW + timedelta(seconds=1), "in:c": NOW} == taker.next()


def test_there_is_a_limit_to_what_waits(wakes, taker, monkeypatch):
    """What is beyond it is found by looking."""
    monkeypatch.setattr(wake_ups, "MOST", 2)
    wakes.put("in:a", NOW)
    taker.next()
    for name in ("in:b", "in:c", "in:d"):
        wakes.put(name, NOW)
    taker.may_go_on.set()

    assert ["in:b", "in:c"] == sorted(taker.next())


def test_what_could_not_be_handed_over_is_forgotten():
    """The next is handed over none the less."""
    taken = queue.Queue()

    def fail_first(together):
        taken.put(dict(together))
        if taken.qsize() == 1:
            raise OSError("the database is away")

    wakes = WakeUps(fail_first)
    wakes.put("in:a", NOW)
    wakes.stop()
    wakes.put("in:b", NOW)
    wakes.stop()

    assert [{"in:a": NOW}, {"in:b": NOW}] == [taken.get_nowait(), taken.get_nowait()]


def test_one_that_never_woke_anybody_stops():
    """It has no thread."""
    WakeUps(bool).stop()
