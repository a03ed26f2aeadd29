"""Threads find what is due, one of them for each mailbox, and outlive a database that is away."""

import queue
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from trainboard.deliveries import Delivery
from trainboard.engine import embedded
from trainboard.engine.embedded import IDLE_SECONDS, SWEEP_SECONDS, EmbeddedEngine
from trainboard.engine.leases import Leases
from trainboard.store import inbox, mailboxes
from trainboard.store.models import DeliveryRow, MailboxRow

PATIENCE_SECONDS = 20


class NoticedCondition(threading.Condition):
    """A condition that tells for how long a worker set out to wait."""

    def __init__(self):
        super().__init__()
        self.waits = queue.Queue()

    def wait(self, timeout=None):
        self.waits.put(timeout)
        return super().wait(timeout)


class StumblingDatabase:
    """A database that raises the next `failures` times, and tells when it did."""

    def __init__(self, database, failures, *, on):
        self._database = database
        self._left = {on: failures}
        self.raised = 0

    def read(self):
        return self._open("read")

    def write_urgently(self):
        return self._database.write_urgently()

    def write(self):
        return self._open("write")

    def _open(self, what):
        if self._left.get(what, 0) > 0:
            self._left[what] -= 1
            self.raised += 1
            raise OperationalError("SELECT", {}, Exception("database is away"))
        return getattr(self._database, what)()


class Drain:
    """Finishes all that waits in the mailboxes it is given, tells their names, and lets a test hold it back.

    `meet` is called with each mailbox's name before its work is done.
    """

    def __init__(self, database, clock, meet=str):
        self.database, self.clock, self.meet = database, clock, meet
        self.done = queue.Queue()

    def __call__(self, names):
        try:
            for name in names:
                self.meet(name)
                with self.database.write() as connection:
                    waiting = (DeliveryRow.mailbox == name) & (DeliveryRow.run_at <= self.clock())
                    connection.execute(update(DeliveryRow).where(waiting).values(state="done"))
        finally:
            with self.database.write() as connection:
                due = mailboxes.release(connection, names, "me")
            for name in names:
                self.done.put(name)
        return due

    def next(self):
        return self.done.get(timeout=PATIENCE_SECONDS)


@pytest.fixture(autouse=True)
def no_long_stumbles(monkeypatch):
    """A worker that stumbled looks again at once."""
    monkeypatch.setattr(embedded, "STUMBLE_SECONDS", 0.01)


@pytest.fixture
def only_woken(monkeypatch):
    """An idle worker sleeps until it is woken."""
    monkeypatch.setattr(embedded, "IDLE_SECONDS", 3600.0)


@pytest.fixture
def deliver(database, clock):
    """Puts a delivery into the mailbox of an entity."""
    ids = iter(range(1000))

    def put(entity, *, later=timedelta(0)):
        delivery = Delivery(source="runs/ci", id=str(next(ids)), kind="run", entity=entity, body=b"{}")
        with database.write() as connection:
            inbox.put(connection, delivery, clock() + later)

    return put


class Count:
    """Seconds that go by when a test says so."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def count():
    """What the engines count."""
    return Count()


@pytest.fixture
def make(database, clock, count):
    """Makes engines, which are stopped when the test ends."""
    made = []

    def make_one(threads=1, on=database):
        engine = EmbeddedEngine(Leases(on, clock, "me"), threads, count=count)
        engine._changed = NoticedCondition()
        made.append(engine)
        return engine

    yield make_one
    for engine in made:
        engine.stop()


@pytest.fixture
def drain(database, clock):
    """Work that is done at once."""
    return Drain(database, clock)


def lose_wake_ups(database):
    with database.write() as connection:
        connection.execute(update(MailboxRow).values(wake_at=None))


def waits_of(engine):
    return engine._changed.waits.get(timeout=PATIENCE_SECONDS)


def test_what_is_due_is_drained(make, deliver, drain):
    """Nobody needs to wake it: the rows say what is due, the longest waiting first."""
    deliver("b", later=timedelta(seconds=-1))
    deliver("a", later=timedelta(seconds=-2))
    make().run(drain)

    assert ["in:a", "in:b"] == [drain.next(), drain.next()]


def test_a_wake_up_is_seen_by_an_idle_worker(make, deliver, drain, clock, only_woken):
    """It does not sleep to the end of its time."""
    engine = make()
    engine.run(drain)
    waits_of(engine)
    deliver("a")
    engine.wake("in:a", clock())

    assert "in:a" == drain.next()


def test_a_wake_up_between_looking_and_sleeping_is_seen(make, deliver, drain, clock, only_woken, monkeypatch):
    """The work came after the worker had looked and before it slept."""
    engine = make()
    look = engine._idle_seconds
    looks = []

    def come_late():
        seconds = look()
        looks.append(seconds)
        if len(looks) == 2:
            deliver("a")
            engine.wake("in:a", clock())
        return seconds

    monkeypatch.setattr(engine, "_idle_seconds", come_late)
    engine.run(drain)

    assert "in:a" == drain.next()


@pytest.mark.parametrize(
    ("later", "seconds"),
    [(None, IDLE_SECONDS), (timedelta(seconds=1), 1.0), (timedelta(hours=1), IDLE_SECONDS)],
)
def test_an_idle_worker_sleeps_until_the_next_is_due(later, seconds, make, deliver, drain):
    """And never long, because another process may put something in."""
    if later is not None:
        deliver("a", later=later)
    engine = make()
    engine.run(drain)

    assert seconds == waits_of(engine)


def test_a_mailbox_that_somebody_else_took_is_left_alone(make, deliver, drain, monkeypatch):
    """It was due when the worker looked, and leased when it wanted it: the worker looks again."""
    monkeypatch.setattr(embedded.mailboxes, "claim", once_none(mailboxes.claim))
    deliver("a")
    engine = make()
    engine.run(drain)

    assert 0.01 == waits_of(engine)
    assert "in:a" == drain.next()


def once_none(claim):
    """`claim`, which finds nothing the first time."""
    calls = []

    def claimed(*args, **options):
        calls.append(args)
        return [] if len(calls) == 1 else claim(*args, **options)

    return claimed


@pytest.mark.parametrize("on", ["read", "write"])
def test_the_engine_outlives_a_database_that_is_away(on, make, deliver, drain, database):
    """It tries again until the database is back, and then does what is due."""
    away = StumblingDatabase(database, 3, on=on)
    deliver("a")
    make(on=away).run(drain)

    assert ("in:a", 3) == (drain.next(), away.raised)


def test_a_sweep_that_failed_is_made_up_for(make, deliver, drain, database):
    """Work that nobody woke is found as soon as the database is back."""
    deliver("a")
    lose_wake_ups(database)
    make(on=StumblingDatabase(database, 2, on="write")).run(drain)

    assert "in:a" == drain.next()


@pytest.mark.usefixtures("only_woken")
def test_a_sweep_finds_what_nobody_woke(make, deliver, drain, database, clock, count):
    """Every half minute, not at every look, and whatever the clock says."""
    engine = make()
    engine.run(drain)
    waits_of(engine)
    deliver("a")
    lose_wake_ups(database)
    engine.wake("in:b", clock())
    waits_of(engine)
    assert drain.done.empty()

    clock.forward(hours=-1)
    count.seconds += SWEEP_SECONDS
    engine.wake("in:b", clock())
    assert "in:a" == drain.next()


@pytest.mark.usefixtures("only_woken")
def test_a_clock_that_was_set_back_does_not_stop_the_work(make, deliver, drain, clock, count):
    """What came before is done at the next sweep, and what comes after it at once."""
    engine = make()
    engine.run(drain)
    waits_of(engine)
    deliver("a")
    clock.forward(hours=-1)
    deliver("b")
    engine.wake("in:b", clock())
    assert "in:b" == drain.next()

    waits_of(engine)
    count.seconds += SWEEP_SECONDS
    engine.wake("in:b", clock())
    assert "in:a" == drain.next()


def test_a_drain_that_raises_stops_nobody(make, deliver, database, clock):
    """The worker goes on with the next mailbox."""
    failures = [ValueError("a bug")]

    def meet(name):
        if failures:
            raise failures.pop()

    drain = Drain(database, clock, meet)
    deliver("a", later=timedelta(seconds=-1))
    make().run(drain)

    assert ["in:a", "in:a"] == [drain.next(), drain.next()]


def test_a_mailbox_is_drained_by_one_thread_at_a_time(make, deliver, database, clock):
    """While one works on it, others work on other mailboxes, and what comes in waits for it."""
    entered, go, inside, most = threading.Event(), threading.Event(), [], []

    def meet(name):
        if name == "in:a":
            inside.append(name)
            most.append(len(inside))
            entered.set()
            assert go.wait(PATIENCE_SECONDS)
            inside.remove(name)

    drain = Drain(database, clock, meet)
    engine = make(threads=4)
    deliver("a")
    engine.run(drain)
    assert entered.wait(PATIENCE_SECONDS)
    for entity in ("a", "b", "a", "c"):
        deliver(entity)
        engine.wake(f"in:{entity}", clock())

    assert {"in:b", "in:c"} == {drain.next(), drain.next()}
    go.set()
    assert "in:a" == drain.next()
    assert {1} == set(most)


def test_stop_waits_for_what_is_in_hand(make, deliver, database, clock):
    """The work is finished before stop answers, and none is begun after it."""
    entered, go, order = threading.Event(), threading.Event(), []

    def meet(name):
        entered.set()
        assert go.wait(PATIENCE_SECONDS)
        order.append(name)

    def stop():
        engine.stop()
        order.append("stopped")

    engine = make()
    deliver("a")
    engine.run(Drain(database, clock, meet))
    assert entered.wait(PATIENCE_SECONDS)
    deliver("b")
    stopper = threading.Thread(target=stop)
    stopper.start()
    stopper.join(0.05)
    go.set()
    stopper.join(PATIENCE_SECONDS)

    assert (["in:a", "stopped"], False) == (order, stopper.is_alive())


def test_a_stopped_engine_runs_again(make, deliver, drain):
    """What came in between is found."""
    engine = make()
    engine.run(drain)
    engine.stop()
    deliver("a")
    engine.run(drain)

    assert "in:a" == drain.next()
