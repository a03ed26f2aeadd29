"""What a part of the bot needs is said before it starts."""

import signal
import subprocess
import sys

import pytest

from trainboard import roles
from trainboard.engine.distributed import DistributedEngine
from trainboard.errors import PermanentError
from trainboard.roles import build_part
from trainboard.settings import Settings, SettingsError


def settings(url):
    """The settings that name a database, and nothing else."""
    return Settings.model_validate({"server": {"database": url}})


def test_sqlite_is_not_for_several_processes():
    """The sentence says what is, and it is a matter of the configuration."""
    with pytest.raises(SettingsError, match=r"server.database: .* PostgreSQL .* trainboard serve"):
        build_part(settings("sqlite:///x.db"))


def test_the_queue_must_be_installed(monkeypatch):
    """It is optional: the sentence names what brings it."""
    monkeypatch.setattr(roles, "find_spec", lambda _: None)
    with pytest.raises(PermanentError, match=r"trainboard\[postgresql\]"):
        build_part(settings("postgresql+psycopg://nobody@/none"))


def test_a_part_wakes_the_workers_of_other_processes(postgresql_url):
    """It has the distributed engine, and no name that another process could have."""
    one, two = (build_part(settings(postgresql_url)) for _ in range(2))

    assert isinstance(one.engine, DistributedEngine)
    assert one.worker.means.owner != two.worker.means.owner
    for each in (one, two):
        each.stop()


@pytest.mark.parametrize(("run", "begins"), [(roles.work, "engine"), (roles.tick, "schedule")])
def test_a_role_does_its_part_until_it_is_told_to_end(run, begins, postgresql_url, monkeypatch):
    """Nothing else of the bot begins; at the end all of it is stopped."""
    bot = build_part(settings(postgresql_url))
    seen = []

    def look():
        seen.append({"engine": bot.engine._looker is not None, "schedule": bot.schedule._scheduler.running})

    monkeypatch.setattr(roles, "_hear_the_end", lambda: look)
    run(bot)

    assert [{"engine": begins == "engine", "schedule": begins == "schedule"}] == seen
    assert not bot.schedule._scheduler.running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_end_that_is_told_early_is_heard(number, monkeypatch):
    """A process that is stopped while it starts ends as well as any."""
    heard = {}
    monkeypatch.setattr(roles.signal, "signal", heard.__setitem__)
    wait_for_the_end = roles._hear_the_end()

    heard[number](number, None)
    wait_for_the_end()


WAITS = """
import os, signal, sys, threading
from trainboard import roles

def end():
    os.kill(os.getpid(), signal.SIGTERM)

def end_at(step):
    def trace(frame, event, _):
        nonlocal step
        if event == "line" and frame.f_code.co_filename == threading.__file__:
            step -= 1
            if step == 0:
                end()
        return trace
    return trace

for step in range(1, 9):
    wait_for_the_end = roles._hear_the_end()
    later = threading.Timer(0.1, end)
    later.start()
    sys.settrace(end_at(step))
    wait_for_the_end()
    sys.settrace(None)
    later.join()
"""


def test_an_end_that_is_told_while_it_begins_to_wait_is_heard():
    """A signal may come between any two steps, also where another lock of Python's own is held."""
    assert 0 == subprocess.run([sys.executable, "-c", WAITS], check=False, timeout=90).returncode


WAKES_NOBODY = """
import signal, threading
from trainboard import roles

def end():
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

wait_for_the_end = roles._hear_the_end()
threading.Timer(0.2, end).start()
wait_for_the_end()
"""


def test_an_end_that_wakes_nobody_is_heard():
    """Another thread was told, or this one between its last step and the wait."""
    assert 0 == subprocess.run([sys.executable, "-c", WAKES_NOBODY], check=False, timeout=90).returncode
