"""Somebody asks for a run of a pipeline: it is started once, whatever comes between, and people see what came of it."""

from contextlib import contextmanager
from itertools import count

import pytest
import requests

from fakes import starting
from fakes.mortal import Killed
from trainboard.store.database import Database
from trainboard.triggers import TriggerState


@pytest.fixture(params=sorted(starting.ALL))
def asked(request, talk):
    """A bot that may start a pipeline, on each platform."""
    with starting.ALL[request.param](talk) as world:
        world.begins()
        yield world


def die_before(patch, fatal):
    """Let this process die at its step of that number, from 1: after a commit, or before or after a call."""
    steps = iter(range(fatal - 1, -1, -1))

    def take():
        if next(steps, None) == 0:
            raise Killed

    write, send = Database.write_urgently, requests.Session.send

    @contextmanager
    def watched(database):
        with write(database) as connection:
            yield connection
        take()

    def watched_send(session, request, **options):
        take()
        answer = send(session, request, **options)
        take()
        return answer

    patch.setattr(Database, "write_urgently", watched)
    patch.setattr(requests.Session, "send", watched_send)


def lives(asked, monkeypatch, fatal):
    """The bot starts what is asked for; True if it outlives all its steps."""
    with monkeypatch.context() as patch:
        die_before(patch, fatal)
        try:
            asked.bot.settle()
        except Killed:
            return False
    return True


def test_a_process_may_die_between_any_two_steps(asked, monkeypatch):
    """No run is started twice; one that is not there is said to be in doubt, where nobody can tell."""
    unsure = 0
    for fatal in count(1):
        before = asked.count()
        key = asked.asks(f"comment-{fatal}", dataset="2026-11")
        has_lived = lives(asked, monkeypatch, fatal)
        asked.bot.restart()
        asked.goes_by(times=6)
        state, started = asked.find(key).state, asked.count() - before
        assert state in {TriggerState.STARTED, TriggerState.UNSURE}
        if asked.proves or state is TriggerState.STARTED:
            assert (TriggerState.STARTED, 1) == (state, started)
        assert started <= 1
        unsure += state is TriggerState.UNSURE
        if has_lived:
            break
    assert fatal > 4
    assert (unsure == 0) == asked.proves
