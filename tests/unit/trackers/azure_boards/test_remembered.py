"""What is remembered, for how long, and that one thread reads it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from trainboard.errors import TransientError
from trainboard.trackers.azure_boards import remembered
from trainboard.trackers.azure_boards.remembered import Kept, Seen, Sightings


def seen(rev):
    return Seen(rev=rev, type="Task", state="New", tags=(), text=b"")


def test_value_is_read_once_a_day(clock):
    """A value is read when it is first asked for, and again a day later."""
    reads = []
    kept = Kept(lambda: reads.append(1) or len(reads), clock)
    found = [kept.get(), kept.get()]
    clock.forward(hours=23)
    found.append(kept.get())
    clock.forward(hours=1)
    found.append(kept.get())
    kept.forget()
    assert [1, 1, 1, 2, 3] == [*found, kept.get()]


def test_clock_that_was_set_back_keeps_nothing_for_ever(clock):
    """A value from the future is read again."""
    reads = []
    kept = Kept(lambda: reads.append(1) or len(reads), clock)
    kept.get()
    clock.forward(days=-400)
    assert 2 == kept.get()


def test_failure_is_not_kept(clock):
    """What could not be read is tried again by whoever asks next."""
    answers = [TransientError("down"), "up"]

    def read():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kept = Kept(read, clock)
    with pytest.raises(TransientError):
        kept.get()
    assert "up" == kept.get()


def test_one_thread_reads(clock):
    """Threads that ask at the same time share one reading."""
    reads, together = [], Barrier(8)

    def ask(_):
        together.wait()
        return kept.get()

    kept = Kept(lambda: reads.append(1) or "value", clock)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert (["value"] * 8, 1) == (found, len(reads))


def test_later_sighting_stays():
    """An answer that comes late does not hide what a later one told."""
    sightings = Sightings()
    sightings.note(1, seen(3))
    sightings.note(1, seen(2))
    assert (3, None) == (sightings.find(1).rev, sightings.find(2))


def test_sightings_do_not_pile_up(monkeypatch):
    """The item that was touched longest ago is forgotten first."""
    monkeypatch.setattr(remembered, "MOST_ITEMS", 2)
    sightings = Sightings()
    for number in (1, 2, 1, 3):
        sightings.note(number, seen(1))
    assert [True, False, True] == [sightings.find(number) is not None for number in (1, 2, 3)]
