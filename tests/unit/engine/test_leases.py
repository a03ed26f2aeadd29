"""What a process has in hand is kept, and given up when it is done."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from trainboard.engine import leases as module
from trainboard.engine.leases import LEASE, Leases
from trainboard.store import mailboxes
from trainboard.store.models import MailboxRow

PATIENCE_SECONDS = 20


@pytest.fixture
def leases(database, clock):
    """Of a process that is called "me"; `in:a` and `in:b` are due."""
    with database.write() as connection:
        for name in ("in:a", "in:b"):
            mailboxes.wake(connection, name, clock())
    return Leases(database, clock, "me")


def ends(database):
    """When each lease ends."""
    with database.read() as connection:
        return dict(connection.execute(select(MailboxRow.name, MailboxRow.lease_until)).all())


def test_a_beat_keeps_what_is_in_hand(leases, database, clock):
    """And nothing else."""
    with leases.due(1) as [name]:
        clock.forward(seconds=5)
        leases.beat()
        assert {name: clock() + LEASE} == {name: end for name, end in ends(database).items() if end}
    before = ends(database)
    clock.forward(seconds=1)
    leases.beat()

    assert (set(), before) == (leases.in_hand(), ends(database))


def test_what_is_in_hand_is_not_leased_again_when_the_clock_jumps(leases, clock):
    """An hour ahead every lease seems to be over; the worker is still at it."""
    with leases.named("in:a", 1) as names:
        clock.forward(hours=1)
        with leases.named("in:a", 1) as again, leases.due(10) as others:
            assert (["in:a"], [], ["in:b"]) == (names, again, others)
            assert {"in:a", "in:b"} == leases.in_hand()


def test_work_that_raises_is_not_in_hand_any_more(leases):
    """Its lease ends by itself if nobody gave it back."""
    with pytest.raises(ValueError, match="a bug"), leases.due(2):
        raise ValueError("a bug")

    assert set() == leases.in_hand()


def test_the_heart_outlives_a_database_that_is_away(leases, monkeypatch):
    """The next beat may do better."""
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.01)
    beats, enough = [], threading.Event()

    def beat():
        beats.append(len(beats))
        if len(beats) == 3:
            enough.set()
        raise OperationalError("UPDATE", {}, Exception("database is away"))

    monkeypatch.setattr(leases, "beat", beat)
    leases.start()
    assert enough.wait(PATIENCE_SECONDS)
    leases.stop()

    assert not leases._heart.is_alive()


def test_leases_that_never_began_to_beat_stop(leases):
    """A web server leases nothing."""
    leases.stop()

    assert set() == leases.in_hand()
