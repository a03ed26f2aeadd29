"""What is kept, for how long, and that one thread reads it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from trainboard.azure_devops.kept import Kept
from trainboard.errors import TransientError


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
