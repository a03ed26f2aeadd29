"""Many come at the same moment: each delivery is stored once, each thing is made once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from fakes.conversation import run
from trainboard.engine.work import Worker

SENDERS = 64


def at_once(count, act):
    """What `act` answers to each number below `count`, all called at the same moment."""
    barrier = threading.Barrier(count)

    def come(number):
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as crowd:
        return list(crowd.map(come, range(count)))


def rows(bot, query):
    """The rows of a query as tuples."""
    with bot.bot.database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_each_of_many_senders_is_stored_once(bot):
    """All are acknowledged, and all are on the board."""

    def send(number):
        return post(bot, number).status_code

    assert [202] * SENDERS == at_once(SENDERS, send)
    assert [(SENDERS,)] == rows(bot, "SELECT count(*) FROM deliveries")
    bot.settle()
    bot.clock.forward(seconds=1)
    bot.settle()
    assert f"**{SENDERS} runs: {SENDERS} finished**" in bot.items()[0].body


def test_a_delivery_that_is_sent_many_times_at_once_is_stored_once(bot):
    """One sender hears that it is stored, the others that it is in progress."""
    answers = at_once(SENDERS, lambda _: post(bot, 1).json["status"])

    assert ["in progress"] * (SENDERS - 1) + ["stored"] == sorted(answers)
    assert [("waiting",)] == rows(bot, "SELECT state FROM deliveries")
    assert [(1,)] == rows(bot, "SELECT count(*) FROM delivery_bodies")


def post(bot, number):
    """A job reports a run in the delivery of that number."""
    body = json.dumps(run(f"r{number}")).encode()
    return Client(bot.bot.doors.wsgi).post(
        "/webhooks/runs", data=body, headers=bot.signed(body, f"d{number}"), content_type="application/json"
    )


@pytest.fixture
def two(talk, postgresql_url):
    """Two processes on one PostgreSQL, as far as the database can tell."""
    return [called(name, talk(database=postgresql_url)) for name in ("one", "two")]


def called(name, bot):
    """The bot, leasing under a name of its own."""
    worker = Worker(replace(bot.bot.worker.means, owner=name))
    bot.bot = replace(bot.bot, worker=worker)
    bot.bot.engine._owner = name
    bot.bot.engine.run(worker.drain)
    return bot


def test_two_schedulers_make_each_tick_once(two):
    """Both clocks go off in the same time slots, at the same moment."""
    for _ in range(100):
        at_once(2, lambda number: two[number].bot.schedule.tick_sprints())
        for bot in two:
            bot.clock.forward(minutes=5)
    assert [(100,)] == rows(two[0], "SELECT count(*) FROM deliveries")


def test_two_workers_do_each_thing_once(two):
    """Both look for work at the same moment, again and again: one board, one item an experiment."""
    experiments = [f"churn-{number}" for number in range(20)]
    for number, experiment in enumerate(experiments * 3):
        two[number % 2].reports(run(f"r{number}", experiment), settle=False)
    for _ in range(8):
        at_once(2, lambda number: two[number].bot.engine.settle())
        for bot in two:
            bot.clock.forward(seconds=20)

    assert [("done", 60)] == rows(two[0], "SELECT state, count(*) FROM deliveries GROUP BY state")
    assert 60 == rows(two[0], "SELECT count(*) FROM events")[0][0]
    assert [("Sprint 1",)] == rows(two[0], "SELECT name FROM local_iterations")
    items = two[0].items()
    assert 20 == len(items)
    assert all("**3 runs: 3 finished**" in item.body for item in items)
