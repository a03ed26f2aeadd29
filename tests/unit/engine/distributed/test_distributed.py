"""What only the distributed engine has to outlive: its queue, its connections, workers that died."""

import queue
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from trainboard.deliveries import Delivery
from trainboard.engine import distributed
from trainboard.engine.distributed import DistributedEngine, consumer
from trainboard.engine.leases import Leases
from trainboard.store import inbox, mailboxes
from trainboard.store.clock import DatabaseClock
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

PATIENCE_SECONDS = 30


@pytest.fixture
def database(postgresql_url):
    made = Database(postgresql_url)
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def engine(database, monkeypatch):
    """An engine that looks often; it is stopped at the end."""
    monkeypatch.setattr(distributed, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(consumer, "STUMBLE_SECONDS", 0.1)
    made = DistributedEngine(Leases(database, DatabaseClock(database), "me"), 2)
    yield made
    made.stop()


@pytest.fixture
def drained(engine, database):
    """Where the names of drained mailboxes appear, once the engine runs."""
    done = queue.Queue()

    def drain(names):
        with database.write() as connection:
            connection.execute(text("UPDATE deliveries SET state = 'done'"))
            mailboxes.release(connection, names, "me")
        done.put(names[0])

    engine.run(drain)
    return done


def deliver(database, entity):
    """A delivery that nobody is told of."""
    delivery = Delivery(source="s", id=entity, kind="k", entity=entity, body=b"")
    with database.write() as connection:
        inbox.put(connection, delivery, datetime.now(UTC))


def count(database, sql):
    """The number that a question answers."""
    with database.read() as connection:
        return connection.execute(text(sql)).scalar_one()


def test_it_outlives_the_loss_of_all_its_connections(engine, drained, database, postgresql_server):
    """PostgreSQL was started anew; nothing is started anew here."""
    deliver(database, "a")
    assert "in:a" == drained.get(timeout=PATIENCE_SECONDS)
    for entity in "bcd":
        postgresql_server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{database.engine.url.database}'"
        )
        deliver(database, entity)
        engine.wake(f"in:{entity}", datetime.now(UTC))
        assert f"in:{entity}" == drained.get(timeout=PATIENCE_SECONDS)


def test_finished_jobs_are_no_more(drained, database):
    """Nothing of them is kept, and no account of them either."""
    deliver(database, "a")
    drained.get(timeout=PATIENCE_SECONDS)
    look = queue.Queue()
    for _ in range(PATIENCE_SECONDS * 10):
        left = count(database, "SELECT count(*) FROM procrastinate_jobs")
        if left == 0:
            break
        with pytest.raises(queue.Empty):
            look.get(timeout=0.1)

    assert 0 == left
    assert 0 == count(database, "SELECT count(*) FROM procrastinate_events")


def test_a_job_that_names_nothing_does_no_harm(engine, drained, database):
    """It is not due, or nobody knows it."""
    engine.wake("in:none", datetime.now(UTC) - timedelta(seconds=1))
    deliver(database, "a")

    assert "in:a" == drained.get(timeout=PATIENCE_SECONDS)
    assert drained.empty()


def test_dead_workers_and_their_jobs_are_removed(engine, database):
    """Those of the living are not."""
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 minute'), (now())"
            )
        )
        connection.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
                " SELECT 'trainboard', 'drain', 'doing', id FROM procrastinate_workers"
            )
        )
    engine.run(lambda _: None)
    wait = queue.Queue()
    for _ in range(PATIENCE_SECONDS * 10):
        if count(database, "SELECT count(*) FROM procrastinate_jobs") == 1:
            break
        with pytest.raises(queue.Empty):
            wait.get(timeout=0.1)
    alive = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"

    assert 1 == count(database, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
    assert count(database, "SELECT count(*) FROM procrastinate_workers") == count(database, alive)
