"""The database is busy, full or away: who sent something is told so, and nothing that was kept is lost."""

import json
import os
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from fakes.conversation import run
from faults.pragmas import pragma
from trainboard.engine import embedded
from trainboard.wiring import build

PATIENCE_SECONDS = 20


@pytest.fixture(autouse=True)
def quiet():
    """Hundreds of stack traces take their time to print."""
    with capture_logs():
        yield


def states(bot):
    """How many deliveries stand where."""
    with bot.bot.database.read() as connection:
        counted = connection.execute(text("SELECT state, count(*) FROM deliveries GROUP BY state")).all()
    return {row[0]: row[1] for row in counted}


def send(bot, number, *, experiment="churn-xgb"):
    """A job reports a run in a delivery of its own, and the bot does not work on it yet."""
    return bot.reports(run(f"r{number}", experiment), delivery=f"d{number}", settle=False)


def goes_on(bot, minutes):
    """Time goes by, and the bot does what is due every ten seconds."""
    for _ in range(minutes * 6):
        bot.clock.forward(seconds=10)
        bot.settle()


@contextmanager
def locked(database):
    """Another program holds the file for longer than the bot waits for it."""
    other = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pragma(database, "busy_timeout=1"):
        yield
    other.execute("ROLLBACK")
    other.close()


def test_a_locked_database_sends_senders_away_and_loses_nothing(talk):
    """503 with a time; what was stored before is done when the lock is gone, and the sender comes again."""
    bot = talk()
    assert 202 == send(bot, 1)
    with locked(bot.bot.database):
        answer = bot.http.post("/webhooks/runs", **signed(bot, 2))
        with pytest.raises(OperationalError, match="database is locked"):
            bot.settle()
    assert (503, "5") == (answer.status_code, answer.headers["Retry-After"])

    assert 202 == send(bot, 2)
    goes_on(bot, 3)
    assert {"done": 2} == states(bot)
    assert "**2 runs: 2 finished**" in bot.items()[0].body


def signed(bot, number):
    """The same delivery as `send` makes, as arguments of a request."""
    body = json.dumps(run(f"r{number}")).encode()
    headers = bot.signed(body, f"d{number}")
    return {"data": body, "headers": headers, "content_type": "application/json"}


def test_workers_go_on_after_a_lock(talk, monkeypatch):
    """The threads of the service stumble over the locked database, and finish when it is free."""
    monkeypatch.setattr(embedded, "STUMBLE_SECONDS", 0.01)
    stumbled = threading.Event()
    monkeypatch.setattr(embedded._log, "exception", lambda _: stumbled.set())
    bot = talk()
    send(bot, 1)
    bot.close()
    bot.bot = build(bot.settings, clock=bot.clock)
    with locked(bot.bot.database):
        bot.bot.engine.run(bot.bot.worker.drain)
        assert stumbled.wait(PATIENCE_SECONDS)
    until(lambda: states(bot) == {"done": 1})
    bot.bot.engine.stop()


def until(holds):
    """Let the threads work until something holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        os.sched_yield()


def test_a_full_disk_sends_senders_away_and_loses_nothing(talk):
    """What was acknowledged is done when there is room again; what was not is not there."""
    bot = talk()
    bot.reports(run("r0"))
    with bot.bot.database.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with pragma(bot.bot.database, f"max_page_count={pages + 1}"):
        answers = [send(bot, number, experiment=f"churn-{number}") for number in range(1, 60)]
        for _ in range(6):
            bot.clock.forward(seconds=10)
            with suppress(OperationalError):
                bot.settle()
    kept = answers.count(202)
    assert (True, {202, 503}) == (0 < kept < 59, set(answers))

    goes_on(bot, 5)
    assert {"done": 1 + kept} == states(bot)
    assert 1 + kept == len(bot.items())


@pytest.mark.parametrize("what", ["engine.incoming.facts.record", "applying.experiment_items.items.find"])
def test_a_database_that_fails_for_hours_kills_nothing(what, bot, monkeypatch):
    """An outage is no bug of a delivery or an effect: they outlast it."""

    def fail(*_):
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(f"trainboard.{what}", fail)
        send(bot, 1)
        goes_on(bot, 120)
    goes_on(bot, 60)

    assert {"done": 1} == states(bot)
    assert "**1 run: 1 finished**" in bot.items()[0].body
