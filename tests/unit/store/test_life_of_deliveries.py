"""Deliveries and effects, whatever happens to them in whatever order, beside a model in a few lines."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from trainboard.deliveries import Acceptance, Delivery
from trainboard.effects import EnsureExperimentItem, EnsureIteration
from trainboard.policy import Keep
from trainboard.store import inbox, mailboxes, outbox, retention
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.models import DeliveryBodyRow, DeliveryRow, EffectRow, MailboxRow

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LEASE = timedelta(minutes=2)
PACE = timedelta(seconds=30)
KEEP = Keep()
ENTITIES = st.sampled_from(["a", "b"])
WORKERS = st.sampled_from(["one", "two"])
EFFECTS = st.sampled_from(
    [
        EnsureExperimentItem(project="churn", experiment="xgb", number=3),
        EnsureIteration(project="churn", number=3),
    ]
)
ENDS = st.sampled_from(["finish", "postpone", "bury"])


@dataclass
class Known:
    """What the model knows of a delivery or an effect: `version` counts what was folded into an effect."""

    box: str
    state: str = "waiting"
    run_at: datetime = NOW
    ended_at: datetime | None = None
    event: str | None = None
    version: int = 0

    @property
    def is_waiting(self):
        """True for what has not come to an end."""
        return self.state == "waiting"


class Life(RuleBasedStateMachine):
    """Two workers, some deliveries of two entities, two effects, and a clock."""

    database: Database
    names = Bundle("names")
    stored = Bundle("stored")

    def __init__(self):
        super().__init__()
        self.connection = self.database.engine.connect().execution_options(write=True)
        self.transaction = self.connection.begin()
        self.now = NOW
        self.numbers = itertools.count()
        self.deliveries: dict[str, Known] = {}
        self.effects: dict[int, Known] = {}
        self.holders: dict[str, tuple[str, datetime]] = {}

    def teardown(self):
        """Everything that waits comes to an end, if only the workers go on."""
        try:
            self.now += timedelta(days=1)
            for _ in range(40):
                self.works("one", "finish")
                self.applies("one", "finish", late=False)
                self.releases("one")
                self.claims("one")
            assert [] == [each for each in self.list_known() if each.is_waiting]
        finally:
            self.transaction.rollback()
            self.connection.close()

    @rule(target=names, entity=ENTITIES, event=st.sampled_from([None, "x"]), hook=st.sampled_from("mn"))
    def receives(self, entity, event, hook):
        """A sender sends something new; of two hooks that tell of one event the second is told so."""
        name = f"{next(self.numbers)}-{hook}"
        twin = self.find_twin(event, hook)
        said = self.put(name, entity, event, hook)
        state = twin.state if twin else None
        self.deliveries[name] = Known(
            f"in:{entity}", event=None if twin else f"{event}{hook}" if event else None
        )
        if twin:
            self.deliveries[name].state, self.deliveries[name].ended_at = "done", self.now
            assert said == self.expect_again(twin, state)
        else:
            self.deliveries[name].run_at = self.now
            assert said is Acceptance.STORED
        return name

    @rule(name=names)
    def receives_again(self, name):
        """A sender sends something again: what is known stays one."""
        known = self.deliveries.get(name)
        if known is not None:
            entity, hook = known.box.removeprefix("in:"), name[-1]
            assert self.put(name, entity, None, hook) == self.expect_again(known, known.state)

    @rule(worker=WORKERS)
    def claims(self, worker):
        """A worker gets what is free, and something if anything is due and free."""
        held = {box for box, (_, until) in self.holders.items() if until > self.now}
        got = mailboxes.claim(self.connection, worker, self.now, LEASE, most=10)
        assert set() == held.intersection(got)
        assert got or not any(self.is_due(box) for box in self.list_boxes() - held)
        self.holders |= dict.fromkeys(got, (worker, self.now + LEASE))

    @rule(worker=WORKERS, end=ENDS)
    def works(self, worker, end):
        """A worker brings the first delivery of what it holds to an end, in the order they came."""
        self.claims(worker)
        boxes = [box for box in self.held_by(worker) if box.startswith("in:")]
        due = inbox.list_waiting(self.connection, boxes, 100, self.now)
        assert [each.delivery.id for each in due] == self.list_due(boxes)
        if not due or not self.renews(worker, boxes):
            return
        [first, *_] = due
        known = self.deliveries[first.delivery.id]
        if end == "finish":
            inbox.finish(self.connection, {first.number: None}, self.now)
            known.state, known.ended_at = "done", self.now
        elif end == "bury":
            inbox.bury(self.connection, first.number, self.now, "no")
            known.state, known.ended_at = "dead", self.now
        else:
            known.run_at = self.now + timedelta(seconds=40)
            inbox.postpone(self.connection, first.number, known.run_at, 1, "no", now=self.now)

    @rule(effect=EFFECTS)
    def asks(self, effect):
        """Something is asked for: what is pending already is asked for once."""
        asked = outbox.put(self.connection, effect, self.now, pace=PACE)
        known = self.effects.setdefault(asked.number, Known(f"out:{effect.mailbox}", version=-1))
        assert known.state == "waiting"
        known.version, known.run_at = known.version + 1, asked.due
        assert asked.version == known.version

    @rule(worker=WORKERS, end=ENDS, late=st.booleans())
    def applies(self, worker, end, late):
        """A worker makes the first effect that it holds true; what is asked for then is not forgotten."""
        self.claims(worker)
        for box in [box for box in self.held_by(worker) if box.startswith("out:")]:
            pending = outbox.list_pending(self.connection, box)
            waiting = [name for name, each in self.effects.items() if each.box == box and each.is_waiting]
            assert waiting == [each.number for each in pending]
            if not pending or pending[0].run_at > self.now or not self.renews(worker, [box]):
                continue
            if late:
                self.asks(pending[0].effect)
            self.end_effect(pending[0], end)

    def end_effect(self, stored, end):
        """What becomes of an effect that was tried."""
        known = self.effects[stored.number]
        if end == "finish":
            outbox.finish(self.connection, stored, self.now, pace=PACE)
            if known.version == stored.version:
                known.state, known.ended_at = "applied", self.now
            else:
                [again] = [
                    each
                    for each in outbox.list_pending(self.connection, known.box)
                    if each.number == stored.number
                ]
                known.run_at = again.run_at
                assert self.now <= again.run_at <= self.now + PACE
        elif end == "bury":
            outbox.bury(self.connection, stored, self.now, "no")
            known.state, known.ended_at = "dead", self.now
        else:
            known.run_at = self.now + timedelta(seconds=40)
            outbox.postpone(self.connection, stored, known.run_at, 1, "no", now=self.now)

    @rule(worker=WORKERS)
    def releases(self, worker):
        """A worker gives back what it holds; what waits there is due again no later than it may be done."""
        boxes = self.held_by(worker)
        mailboxes.release(self.connection, boxes, worker)
        for box in boxes:
            del self.holders[box]

    @rule(seconds=st.sampled_from([1, 35, 130, 3600]))
    def time_goes_by(self, seconds):
        """Leases of workers that died end."""
        self.now += timedelta(seconds=seconds)

    @rule(name=names)
    def is_replayed(self, name):
        """Somebody has a delivery worked on again."""
        known = self.deliveries.get(name)
        if known is None:
            return
        row = self.find_row(name)
        has_body = select(DeliveryBodyRow.delivery).where(DeliveryBodyRow.delivery == row.id)
        if self.connection.execute(has_body).scalar() is not None:
            inbox.replay(self.connection, row.id, self.now)
            known.state, known.run_at, known.ended_at = "waiting", self.now, None

    @rule(days=st.sampled_from([0, 15, 91, 366]))
    def old_rows_go(self, days):
        """What is old goes; what waits stays."""
        self.now += timedelta(days=days)
        for heap in retention.list_heaps(KEEP, self.now):
            heap.remove(self.connection, heap.list_keys(self.connection, None, 1000))
        left = set(self.connection.execute(select(DeliveryRow.delivery_id)).scalars())
        gone = {name: each for name, each in self.deliveries.items() if name not in left}
        assert all(not each.is_waiting and self.now - each.ended_at > KEEP.done for each in gone.values())
        self.deliveries = {name: each for name, each in self.deliveries.items() if name in left}
        numbers = set(self.connection.execute(select(EffectRow.id)).scalars())
        assert all(number in numbers for number, each in self.effects.items() if each.is_waiting)
        self.effects = {number: each for number, each in self.effects.items() if number in numbers}

    @invariant()
    def everything_stands_as_it_should(self):
        """As the model says; and a waiting delivery has its body."""
        rows = self.connection.execute(
            select(DeliveryRow.delivery_id, DeliveryRow.state, DeliveryBodyRow.body).outerjoin(
                DeliveryBodyRow
            )
        ).all()
        assert {name: each.state for name, each in self.deliveries.items()} == {
            row[0]: row[1] for row in rows
        }
        assert all(row.body is not None for row in rows if row.state == "waiting")

    @invariant()
    def nothing_waits_unseen(self):
        """What waits lies in a mailbox that somebody holds, or that is due no later than it."""
        due = dict(self.connection.execute(select(MailboxRow.name, MailboxRow.wake_at)).all())
        held = {box for box, (_, until) in self.holders.items() if until > self.now}
        for box in self.list_boxes() - held:
            firsts = [each.run_at for each in self.list_known() if each.box == box and each.is_waiting][:1]
            assert all(due.get(box) is not None and due[box] <= max(first, self.now) for first in firsts)

    def put(self, name, entity, event, hook):
        """Store a delivery."""
        return inbox.put(
            self.connection,
            Delivery(source="x", id=name, kind="k", entity=entity, body=b"{}", event_key=event, hook=hook),
            self.now,
        )

    def find_twin(self, event, hook):
        """The delivery that told of the event through the other hook."""
        other = {"m": "n", "n": "m"}[hook]
        told = [each for each in self.deliveries.values() if event and each.event == f"{event}{other}"]
        return told[0] if told else None

    def expect_again(self, known, state):
        """What is said of something that is known, which is worked on again if it had been given up."""
        if state == "dead":
            known.state, known.run_at, known.ended_at = "waiting", self.now, None
        return {"waiting": Acceptance.IN_PROGRESS, "done": Acceptance.DUPLICATE, "dead": Acceptance.AGAIN}[
            state
        ]

    def renews(self, worker, boxes):
        """Keep what is held, as the model expects."""
        for box in boxes:
            self.holders[box] = (worker, self.now + LEASE)
        renewed = mailboxes.renew(self.connection, boxes, worker, self.now, LEASE)
        assert renewed
        return renewed

    def held_by(self, worker):
        """The mailboxes that a worker has taken and nobody has taken since."""
        return [box for box, (holder, _) in self.holders.items() if holder == worker]

    def list_boxes(self):
        """Every mailbox that has something."""
        return {each.box for each in self.list_known()}

    def list_known(self):
        """Deliveries and effects."""
        return [*self.deliveries.values(), *self.effects.values()]

    def is_due(self, box):
        """True if the first that waits there may be done."""
        waiting = [each for each in self.deliveries.values() if each.box == box and each.is_waiting][:1]
        waiting += [each for each in self.effects.values() if each.box == box and each.is_waiting][:1]
        return any(each.run_at <= self.now for each in waiting)

    def list_due(self, boxes):
        """The names of what may be worked on, each mailbox up to the first that waits for its retry."""
        held_back, due = set(), []
        for name, each in self.deliveries.items():
            if each.box in boxes and each.is_waiting:
                if each.run_at > self.now:
                    held_back.add(each.box)
                elif each.box not in held_back:
                    due.append(name)
        return due

    def find_row(self, name):
        """The delivery of that name."""
        return self.connection.execute(select(DeliveryRow).where(DeliveryRow.delivery_id == name)).one()


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """The machine, over a database that is as it was after each example."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('life')}/t.db")
    upgrade(made)
    yield type("Life", (Life,), {"database": made, "TestCase": None})
    made.close()


def test_whatever_happens_to_deliveries(life):
    """Nothing is lost, doubled, overtaken, worked on by two, or left where nobody looks."""
    run_state_machine_as_test(
        life,
        settings=settings(
            stateful_step_count=30,
            max_examples=settings.default.max_examples // 4,
            suppress_health_check=list(HealthCheck),
        ),
    )
