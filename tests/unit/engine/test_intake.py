"""A delivery is on disk when the intake answers."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from trainboard.deliveries import Acceptance, Delivery, DeliveryState
from trainboard.engine.intake import RETRY_SECONDS, Intake
from trainboard.errors import TransientError
from trainboard.store import arrivals
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.models import DeliveryRow

DELIVERY = Delivery(source="runs/ci", id="d1", kind="run", entity="runs/churn-xgb", body=b"{}")


class Woken(list):
    """An engine that remembers what it was told."""

    def wake(self, mailbox, at):
        self.append((mailbox, at))


class AwayDatabase:
    """A database that cannot be written."""

    is_sqlite = True

    def __init__(self, error):
        self.error = error

    def write_urgently(self):
        raise self.error

    write_at_once = write_urgently


@pytest.fixture
def woken():
    """Every wake-up."""
    return Woken()


@pytest.fixture
def intake(database, woken, clock):
    """The intake under test."""
    made = Intake(database, woken, clock)
    yield made
    made.stop()


def bury(database):
    with database.write() as connection:
        connection.execute(update(DeliveryRow).values(state=DeliveryState.DEAD))


def test_a_delivery_is_stored_and_the_engine_woken(intake, database, woken, clock):
    """Its mailbox is due at once."""
    assert Acceptance.STORED == intake(DELIVERY)
    assert [("in:runs/churn-xgb", clock())] == woken
    columns = (DeliveryRow.source, DeliveryRow.delivery_id, DeliveryRow.kind, DeliveryRow.mailbox)
    with database.read() as connection:
        rows = connection.execute(select(*columns)).all()
    assert [("runs/ci", "d1", "run", "in:runs/churn-xgb")] == [tuple(row) for row in rows]


def test_a_delivery_that_waits_already_wakes_nobody(intake, woken):
    """The sender came twice."""
    intake(DELIVERY)

    assert Acceptance.IN_PROGRESS == intake(DELIVERY)
    assert 1 == len(woken)


def test_a_dead_delivery_is_worked_on_anew(intake, database, woken):
    """Sending it again is how it is replayed."""
    intake(DELIVERY)
    bury(database)

    assert Acceptance.AGAIN == intake(DELIVERY)
    assert 2 == len(woken)


@pytest.mark.parametrize(
    "error", [OperationalError("INSERT", {}, Exception("disk full")), PoolTimeoutError("no connection")]
)
def test_what_cannot_be_stored_is_refused(error, woken, clock):
    """The sender shall come again, and nobody is woken for it."""
    intake = Intake(AwayDatabase(error), woken, clock)
    with pytest.raises(TransientError, match=rf"could not be stored \({type(error).__name__}\)") as caught:
        intake(DELIVERY)
    intake.stop()

    assert (RETRY_SECONDS, []) == (caught.value.retry_after_seconds, woken)


def test_it_says_for_a_while_that_nothing_can_be_stored(database, woken, clock):
    """Half a minute after the last failure, or until something is stored, which is then the news."""
    now = [100.0]
    intake = Intake(database, woken, clock, count=lambda: now[0])
    assert intake.is_storing
    with database.write() as connection:
        connection.execute(text("ALTER TABLE deliveries RENAME TO away"))
    with pytest.raises(TransientError):
        intake(DELIVERY)
    assert not intake.is_storing
    now[0] += 30
    assert intake.is_storing

    now[0] -= 30
    with database.write() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO deliveries"))
    intake(DELIVERY)
    assert intake.is_storing
    intake.stop()


class Told(list):
    """What a sender that does not wait was told, by whom."""

    def settle(self, outcome):
        self.append((outcome, threading.current_thread().name))


def test_an_event_loop_stores_by_itself(intake, woken):
    """No other thread is needed where nobody else writes."""
    told = Told()
    intake.offer([(named(1), told.settle), (named(2), told.settle)])

    assert [(Acceptance.STORED, threading.current_thread().name)] * 2 == told
    assert ["in:runs/churn-xgb"] == [mailbox for mailbox, _ in woken]


def test_an_event_loop_does_not_wait_for_other_writers(intake, database):
    """What cannot be stored at once is stored by the writer, as soon as it can."""
    told = Told()
    with database.write() as connection:
        connection.execute(update(DeliveryRow).values(attempts=0))
        intake.offer([(named(1), told.settle)])
        assert [] == told
    until(lambda: told)

    assert [(Acceptance.STORED, "trainboard-intake")] == told


def test_an_event_loop_is_told_what_cannot_be_stored(woken, clock):
    """Its senders shall come again."""
    told = Told()
    intake = Intake(AwayDatabase(OperationalError("INSERT", {}, Exception("disk full"))), woken, clock)
    intake.offer([(named(1), told.settle)])
    until(lambda: told)
    intake.stop()

    assert ["the delivery could not be stored (OperationalError); send it again"] == [
        str(outcome) for outcome, _ in told
    ]


def named(number):
    """One of many deliveries."""
    return Delivery(source="runs/ci", id=f"d{number}", kind="run", entity="runs/churn-xgb", body=b"{}")


def until(holds):
    """Let other threads work until something holds."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        os.sched_yield()


class CountingDatabase:
    """Counts transactions, and holds the first one back until all requests have arrived."""

    is_sqlite = True

    def __init__(self, database):
        self.database = database
        self.transactions = 0
        self.go_on = threading.Event()

    @contextmanager
    def write_urgently(self):
        self.transactions += 1
        assert self.go_on.wait(10)
        with self.database.write_urgently() as connection:
            yield connection


def test_requests_that_arrive_while_one_is_written_are_committed_together(tmp_path, woken, clock):
    """Twenty senders cost a few commits, and each learns what became of its own delivery."""
    database = Database(f"sqlite:///{tmp_path}/group.db")
    upgrade(database)
    counting = CountingDatabase(database)
    intake = Intake(counting, woken, clock)
    with ThreadPoolExecutor(20) as senders:
        answers = [senders.submit(intake, named(0))]
        until(lambda: counting.transactions)
        answers += [senders.submit(intake, named(number)) for number in range(1, 20)]
        until(lambda: intake._arrived.qsize() == 19)
        counting.go_on.set()
        assert [Acceptance.STORED] * 20 == [answer.result(timeout=10) for answer in answers]
    intake.stop()
    database.close()

    assert 2 == counting.transactions


def test_one_that_cannot_be_stored_does_not_hurt_the_others(tmp_path, woken, clock, monkeypatch):
    """The poisoned one is sent back, those that came with it are stored."""
    database = Database(f"sqlite:///{tmp_path}/poison.db")
    upgrade(database)
    put_all = arrivals.put_all

    def refuse(connection, deliveries, now):
        if "d1" in {delivery.id for delivery in deliveries}:
            raise OperationalError("INSERT", {}, Exception("poison"))
        return put_all(connection, deliveries, now)

    monkeypatch.setattr(arrivals, "put_all", refuse)
    counting = CountingDatabase(database)
    intake = Intake(counting, woken, clock)
    with ThreadPoolExecutor(3) as senders:
        first = senders.submit(intake, named(0))
        until(lambda: counting.transactions)
        others = [senders.submit(intake, named(number)) for number in (1, 2)]
        until(lambda: intake._arrived.qsize() == 2)
        counting.go_on.set()
        assert Acceptance.STORED == first.result(timeout=10)
        assert Acceptance.STORED == others[1].result(timeout=10)
        with pytest.raises(TransientError):
            others[0].result(timeout=10)
    intake.stop()
    database.close()


def test_more_than_can_wait_are_sent_back(tmp_path, woken, clock, monkeypatch):
    """A queue that is full says so at once, instead of keeping the sender."""
    monkeypatch.setattr("trainboard.engine.intake.WAITING", 1)
    database = Database(f"sqlite:///{tmp_path}/full.db")
    upgrade(database)
    counting = CountingDatabase(database)
    intake = Intake(counting, woken, clock)
    with ThreadPoolExecutor(2) as senders:
        answers = [senders.submit(intake, named(0))]
        until(lambda: counting.transactions)
        answers.append(senders.submit(intake, named(1)))
        until(lambda: not intake._arrived.empty())
        with pytest.raises(TransientError, match="could not be stored"):
            intake(named(2))
        counting.go_on.set()
        assert [Acceptance.STORED] * 2 == [answer.result(timeout=10) for answer in answers]
    intake.stop()
    database.close()


def test_what_has_arrived_is_stored_before_it_stops(tmp_path, woken, clock):
    """Stopping loses nothing, and a later delivery starts it again."""
    database = Database(f"sqlite:///{tmp_path}/stop.db")
    upgrade(database)
    counting = CountingDatabase(database)
    intake = Intake(counting, woken, clock)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(intake, named(0))
        until(lambda: counting.transactions)
        second = threads.submit(intake, named(1))
        until(lambda: not intake._arrived.empty())
        stopped = threads.submit(intake.stop)
        until(lambda: intake._arrived.qsize() == 2)
        counting.go_on.set()
        stopped.result(timeout=10)
        assert [Acceptance.STORED] * 2 == [first.result(timeout=10), second.result(timeout=10)]
    assert Acceptance.STORED == intake(named(2))
    intake.stop()
    intake.stop()
    database.close()
