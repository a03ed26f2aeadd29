"""Jobs name mailboxes, and hold nothing else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from trainboard.engine.distributed import jobs as module
from trainboard.engine.distributed.jobs import Jobs
from trainboard.engine.leases import AT_ONCE
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(postgresql_url):
    made = Database(postgresql_url)
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def jobs(database):
    return Jobs(database, lambda: NOW)


def waiting(database):
    """Mailbox, lock and moment of every job."""
    asked = "SELECT args ->> 'mailbox', queueing_lock, lock, scheduled_at FROM procrastinate_jobs ORDER BY id"
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def test_a_mailbox_is_named_once_for_now_and_once_for_later(database, jobs):
    """What waits for later does not keep it from being named now."""
    jobs.put({"in:a": LATER})
    for at in (NOW, NOW - timedelta(seconds=1), LATER + timedelta(hours=1)):
        jobs.put({"in:a": at})

    assert [
        ("in:a", "in:a later", None, LATER),
        ("in:a", "in:a", None, None),
    ] == waiting(database)


def test_nothing_is_put_if_all_are_named_already(database, jobs):
    """Looking again costs a question."""
    for _ in range(2):
        jobs.put({"out:a": NOW, "out:b": NOW})
    jobs.put({})

    assert ["out:a", "out:b"] == [mailbox for mailbox, *_ in waiting(database)]


def test_of_many_deliveries_one_of_each_lot_is_named(database, jobs):
    """They are worked on together; effects are named one by one."""
    incoming = [f"in:{number}" for number in range(2 * AT_ONCE + 1)]
    outgoing = [f"out:{number}" for number in range(AT_ONCE)]
    jobs.put(dict.fromkeys([*incoming, *outgoing], NOW))

    named = [mailbox for mailbox, *_ in waiting(database)]
    assert [incoming[0], incoming[AT_ONCE], incoming[2 * AT_ONCE], *outgoing] == named


def test_those_that_somebody_names_at_the_same_moment_are_named_once(database, monkeypatch):
    """And the others of the same hand too."""
    both = Barrier(2)
    look = module._list_waiting

    def look_together(connection, locks):
        found = look(connection, locks)
        if len(locks) > 1:
            both.wait(20)
        return found

    monkeypatch.setattr(module, "_list_waiting", look_together)
    hands = [{"out:a": NOW, "out:b": NOW}, {"out:b": NOW, "out:c": NOW}]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Jobs(database, lambda: NOW).put, hands))

    assert ["out:a", "out:b", "out:c"] == sorted(mailbox for mailbox, *_ in waiting(database))


def test_one_that_was_named_after_the_look_is_left_alone(database, jobs, monkeypatch):
    """Somebody else was faster."""
    jobs.put({"in:a": NOW})
    monkeypatch.setattr(module, "_list_waiting", lambda *_: set())
    jobs.put({"in:a": NOW})

    assert ["in:a"] == [mailbox for mailbox, *_ in waiting(database)]
