"""Workers give way to senders, but not for ever."""

import pytest

from trainboard.engine.courtesy import LONGEST_SECONDS, QUIET_SECONDS, Courtesy


class Time:
    """Seconds that go by while somebody pauses; a sender is there until `leaves`."""

    def __init__(self, leaves=0.0):
        self.seconds = 100.0
        self.leaves = 100.0 + leaves
        self.courtesy = Courtesy(monotonic=lambda: self.seconds, pause=self.pause)
        self.sender_waits = False

    def pause(self, seconds):
        self.seconds += seconds
        if self.sender_waits and self.seconds >= self.leaves:
            self.sender_waits = False
            self.courtesy.leave()

    def enter(self):
        self.sender_waits = True
        self.courtesy.enter()

    def waited(self):
        """How long a worker gives way."""
        began = self.seconds
        self.courtesy.give_way()
        return self.seconds - began


def test_nobody_waits_where_nobody_came():
    """Work begins at once."""
    assert 0 == Time().waited()
    assert Time().courtesy.give_way()


def test_a_worker_waits_until_senders_have_been_away_for_a_moment():
    """The next one often comes right behind."""
    time = Time(leaves=0.05)
    time.enter()

    assert pytest.approx(0.05 + QUIET_SECONDS, abs=2 * QUIET_SECONDS) == time.waited()
    assert 0 == time.waited()


def test_every_sender_counts():
    """One that is answered does not end the courtesy to another."""
    time = Time(leaves=0.05)
    time.enter()
    time.courtesy.enter()
    time.courtesy.leave()

    assert time.waited() >= 0.05


def test_a_storm_without_end_is_worked_on_too():
    """A worker gets a turn eight times a second, and knows that it is a short one."""
    time = Time(leaves=1000)
    time.enter()

    assert pytest.approx(LONGEST_SECONDS, abs=2 * QUIET_SECONDS) == time.waited()
    assert not time.courtesy.give_way()
