"""One set of cases over every engine: whoever carries the work, the rows keep their promises."""

import queue
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from trainboard.deliveries import Delivery
from trainboard.engine import distributed, embedded, leases
from trainboard.engine.distributed import DistributedEngine
from trainboard.engine.embedded import EmbeddedEngine
from trainboard.engine.leases import LEASE, Leases
from trainboard.store import inbox, mailboxes
from trainboard.store.clock import DatabaseClock
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.models import DeliveryRow, MailboxRow

PATIENCE_SECONDS = 30
SHORT = timedelta(seconds=1)
ENGINES = {
    "embedded on SQLite": (EmbeddedEngine, "sqlite"),
    "embedded on PostgreSQL": (EmbeddedEngine, "postgresql"),
    "distributed on PostgreSQL": (DistributedEngine, "postgresql"),
}


class World:
    """A database, engines over it, and an account of what they did."""

    def __init__(self, make, database):
        self.make, self.database = make, database
        self.clock = (lambda: datetime.now(UTC)) if database.is_sqlite else DatabaseClock(database)
        self.done = queue.Queue()
        self.engines = []
        self.meet = bool
        self.numbers = iter(range(1000))

    def start(self, owner="me", *, threads=2, length=LEASE):
        """An engine at work, under a name of its own."""
        engine = self.make(Leases(self.database, self.clock, owner, length), threads)
        self.engines.append(engine)
        engine.run(lambda names: self.drain(owner, names))
        return engine

    def drain(self, owner, names):
        """Finish what waits, one delivery after the other; `meet` is called before each."""
        try:
            with self.database.read() as connection:
                waiting = inbox.list_waiting(connection, names, 1000, self.clock())
            for stored in waiting:
                self.meet(stored.mailbox)
                with self.database.write() as connection:
                    inbox.finish(connection, {stored.number: None}, self.clock())
                self.done.put((stored.mailbox, stored.delivery.id, owner))
        finally:
            with self.database.write() as connection:
                due = mailboxes.release(connection, names, owner)
        return due

    def deliver(self, entity, *, later=timedelta(0)):
        """A delivery into the mailbox of the entity; its id."""
        name = str(next(self.numbers))
        delivery = Delivery(source="runs/ci", id=name, kind="run", entity=entity, body=b"{}")
        now = self.clock()
        with self.database.write() as connection:
            inbox.put(connection, delivery, now)
            if later:
                number = connection.execute(select(func.max(DeliveryRow.id))).scalar_one()
                inbox.postpone(connection, number, now + later, 1, "away", now=now)
                connection.execute(update(MailboxRow).values(wake_at=now + later))
        return name

    def next(self):
        """What was done next: mailbox, delivery and owner."""
        return self.done.get(timeout=PATIENCE_SECONDS)

    def stop(self):
        """End every engine."""
        for engine in self.engines:
            engine.stop()
        self.engines.clear()


@pytest.fixture(params=ENGINES)
def world(request, tmp_path, monkeypatch):
    """A world for each engine; who looks by itself does so often."""
    make, kind = ENGINES[request.param]
    url = f"sqlite:///{tmp_path}/trainboard.db"
    database = Database(url if kind == "sqlite" else request.getfixturevalue("postgresql_url"))
    upgrade(database)
    monkeypatch.setattr(embedded, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(embedded, "STUMBLE_SECONDS", 0.05)
    monkeypatch.setattr(embedded, "SWEEP_SECONDS", 0.2)
    monkeypatch.setattr(distributed, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(distributed, "SWEEP_SECONDS", 0.2)
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.2)
    made = World(make, database)
    yield made
    made.stop()
    database.close()


def test_a_woken_mailbox_is_drained(world):
    """The delivery is done, by the one who works."""
    engine = world.start()
    delivery = world.deliver("a")
    engine.wake("in:a", world.clock())

    assert ("in:a", delivery, "me") == world.next()


def test_work_that_was_there_before_is_done(world):
    """Nobody wakes it again after a start."""
    delivery = world.deliver("a")
    world.start()

    assert ("in:a", delivery, "me") == world.next()


def test_a_mailbox_that_is_woken_for_later_is_drained_then_and_not_before(world):
    """The moment is that of the clock which all share."""
    moments = []
    world.meet = lambda _: moments.append(world.clock())
    engine = world.start()
    due = world.clock() + timedelta(seconds=0.5)
    delivery = world.deliver("a", later=timedelta(seconds=0.5))
    engine.wake("in:a", due)

    assert delivery == world.next()[1]
    assert moments[0] >= due


def test_work_for_now_does_not_wait_for_work_for_later(world):
    """Neither in another mailbox nor behind it."""
    engine = world.start()
    world.deliver("a", later=timedelta(hours=1))
    engine.wake("in:a", world.clock() + timedelta(hours=1))
    delivery = world.deliver("b")
    engine.wake("in:b", world.clock())

    assert delivery == world.next()[1]


def test_a_mailbox_that_waits_for_later_can_be_woken_for_now(world):
    """The earlier of two moments holds."""
    engine = world.start()
    with world.database.write() as connection:
        mailboxes.wake(connection, "in:a", world.clock() + timedelta(hours=1))
    engine.wake("in:a", world.clock() + timedelta(hours=1))
    delivery = world.deliver("a")
    engine.wake("in:a", world.clock())

    assert delivery == world.next()[1]


def test_a_lost_wake_up_is_found(world):
    """Whether the engine was not told, or the row does not say it either."""
    world.start()
    untold = world.deliver("a")
    assert untold == world.next()[1]

    unsaid = world.deliver("b")
    with world.database.write() as connection:
        connection.execute(update(MailboxRow).values(wake_at=None))
    assert unsaid == world.next()[1]


def test_doubled_wake_ups_do_the_work_once(world):
    """Two engines hear each of them many times."""
    engines = [world.start("one"), world.start("two")]
    deliveries = [world.deliver(entity) for entity in "abcdefgh"]
    for _ in range(10):
        for engine in engines:
            for entity in "abcdefgh":
                engine.wake(f"in:{entity}", world.clock())
    done = [world.next()[1] for _ in deliveries]
    world.stop()

    assert (deliveries, True) == (sorted(done, key=int), world.done.empty())


def test_a_mailbox_is_never_worked_on_twice_at_once(world):
    """Many threads of two processes, and wake-ups all the time; what is in a mailbox is done in order."""
    inside, most, lock = Counter(), Counter(), threading.Lock()

    def meet(mailbox):
        with lock:
            inside[mailbox] += 1
            most[mailbox] = max(most[mailbox], inside[mailbox])
        threading.Event().wait(0.001)
        with lock:
            inside[mailbox] -= 1

    world.meet = meet
    engines = [world.start("one", threads=4), world.start("two", threads=4)]
    deliveries = []
    for number in range(60):
        entity = "ab"[number % 2]
        deliveries.append((f"in:{entity}", world.deliver(entity)))
        engines[number % 3 % 2].wake(f"in:{entity}", world.clock())
    done = [world.next()[:2] for _ in deliveries]

    assert {"in:a": 1, "in:b": 1} == dict(most)
    for mailbox in ("in:a", "in:b"):
        assert [each for each in deliveries if each[0] == mailbox] == [
            each for each in done if each[0] == mailbox
        ]


def test_a_drain_that_raises_stops_nobody(world):
    """The mailbox is drained at the next look, and others meanwhile."""
    failures = [ValueError("a bug")]

    def meet(mailbox):
        if mailbox == "in:a" and failures:
            raise failures.pop()

    world.meet = meet
    engine = world.start(threads=1)
    deliveries = {world.deliver("a"), world.deliver("b")}
    engine.wake("in:a", world.clock())
    engine.wake("in:b", world.clock())

    assert deliveries == {world.next()[1], world.next()[1]}
    assert [] == failures


def test_stop_waits_for_what_is_in_hand(world):
    """The work is finished before stop answers, and none is begun after it."""
    entered, go, order = threading.Event(), threading.Event(), []

    def meet(mailbox):
        entered.set()
        assert go.wait(PATIENCE_SECONDS)
        order.append(mailbox)

    world.meet = meet
    engine = world.start(threads=1)
    world.deliver("a")
    engine.wake("in:a", world.clock())
    assert entered.wait(PATIENCE_SECONDS)
    stopper = threading.Thread(target=lambda: (engine.stop(), order.append("stopped")))
    stopper.start()
    stopper.join(0.1)
    world.deliver("b")
    engine.wake("in:b", world.clock())
    go.set()
    stopper.join(PATIENCE_SECONDS)

    assert (["in:a", "stopped"], False) == (order, stopper.is_alive())


def test_a_stopped_engine_runs_again(world):
    """What came in between is found."""
    engine = world.start()
    engine.stop()
    delivery = world.deliver("a")
    engine.run(lambda names: world.drain("me", names))

    assert delivery == world.next()[1]


def test_a_mailbox_of_a_dead_owner_is_taken_over(world):
    """When its lease has ended, and not before."""
    delivery = world.deliver("a")
    with world.database.write() as connection:
        assert ["in:a"] == mailboxes.claim(connection, "dead", world.clock(), SHORT)
    end = world.clock() + SHORT * 0.9
    engine = world.start()
    engine.wake("in:a", world.clock())

    assert ("in:a", delivery, "me") == world.next()
    assert world.clock() >= end


def test_a_mailbox_that_takes_longer_than_a_lease_is_kept(world):
    """The heartbeat renews what is in hand; nobody else gets it."""
    go = threading.Event()
    world.meet = lambda _: go.wait(PATIENCE_SECONDS)
    world.deliver("a")
    world.start("one", length=SHORT)
    first = world_lease(world)
    world.start("two", length=SHORT)
    while world_lease(world) < first + 2 * SHORT:
        assert not go.wait(0.05)
    go.set()

    assert "one" == world.next()[2]


def world_lease(world):
    """Until when `in:a` is leased, as soon as it is."""
    patience = threading.Event()
    for _ in range(PATIENCE_SECONDS * 20):
        with world.database.read() as connection:
            until = connection.execute(
                select(MailboxRow.lease_until).where(MailboxRow.name == "in:a")
            ).scalar_one()
        if until is not None:
            return until
        patience.wait(0.05)
    raise AssertionError("nobody leases the mailbox")


def test_wake_ups_come_from_many_threads(world):
    """All of them are heard."""
    engine = world.start(threads=4)

    def deliver(thread):
        for number in range(5):
            entity = f"{thread}/{number}"
            world.deliver(entity)
            engine.wake(f"in:{entity}", world.clock())

    threads = [threading.Thread(target=deliver, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    done = {world.next()[0] for _ in range(40)}

    assert {f"in:{thread}/{number}" for thread in range(8) for number in range(5)} == done
    with world.database.read() as connection:
        waiting = select(DeliveryRow.id).where(DeliveryRow.state == "waiting")
        assert [] == connection.execute(waiting).all()
