"""Deliveries, workers, crashes and failures in any order: each delivery ends once, nothing is stuck."""

from itertools import count

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, text, update
from structlog.testing import capture_logs

from fakes.workers import FAILURES, Workers
from trainboard.deliveries import Acceptance, Delivery
from trainboard.engine.leases import LEASE
from trainboard.store import inbox, sweeping
from trainboard.store.models import DeliveryRow, EffectRow, EventRow, MailboxRow

ENDS = {"good": "done", "poison": "dead", "bug": "dead"}
ANSWERS = {
    "waiting": Acceptance.IN_PROGRESS,
    "done": Acceptance.DUPLICATE,
    "dead": Acceptance.AGAIN,
}
STUCK = """
    SELECT mailbox FROM (
        SELECT mailbox FROM deliveries WHERE state = 'waiting'
        UNION SELECT mailbox FROM effects WHERE state = 'pending'
    ) LEFT JOIN mailboxes ON name = mailbox WHERE wake_at IS NULL AND lease_until IS NULL
"""
MOST_HOURS = 500
doors = st.sampled_from("abc")
few = st.integers(1, 3)


class AnyOrder(RuleBasedStateMachine):
    """Any number of processes on one database, of whom any may die, sleep or stumble."""

    deliveries = Bundle("deliveries")

    def __init__(self, bot, monkeypatch):
        super().__init__()
        self.database, self.clock = bot.bot.database, bot.clock
        self.workers = Workers(bot)
        self.numbers = count(1)
        self.ended = {}
        monkeypatch.setattr("trainboard.engine.incoming.react", self.workers.react)
        monkeypatch.setattr("trainboard.engine.outgoing.apply", self.workers.apply)
        with self.database.write() as connection:
            for table in (EventRow, EffectRow, DeliveryRow, MailboxRow):
                connection.execute(delete(table))

    @rule(target=deliveries, door=doors, content=st.sampled_from(["good", "good", "good", "poison", "bug"]))
    def receive(self, door, content):
        """A new delivery comes."""
        number = str(next(self.numbers))
        delivery = Delivery(source="test", id=number, kind=content, entity=door, body=content.encode())
        assert Acceptance.STORED == self.put(delivery)
        return delivery

    @rule(delivery=deliveries)
    def receive_again(self, delivery):
        """A sender repeats itself: only what is dead begins anew."""
        number = ("delivery", int(delivery.id))
        expected = ANSWERS[self.states()[number]]
        assert expected == self.put(delivery)
        if expected is Acceptance.AGAIN:
            self.ended.pop(number, None)

    @rule(seconds=st.sampled_from([1, 31, 121, 3600]))
    def wait(self, seconds):
        """Time goes by."""
        self.clock.forward(seconds=seconds)

    @rule(minutes=st.sampled_from([1, 60]))
    def set_the_clock_back(self, minutes):
        """Time that was comes again; the sweep notices."""
        self.clock.forward(minutes=-minutes)
        self.workers.forget_leases()
        with self.database.write() as connection:
            sweeping.sweep(connection, self.clock(), LEASE)

    @rule(door=doors, failures=st.lists(st.sampled_from(sorted(FAILURES)), min_size=1, max_size=3))
    def fail(self, door, failures):
        """The next readings will not go well."""
        self.workers.failures[door] += failures

    @rule(most=few)
    def work(self, most):
        """A worker does what it finds."""
        self.workers.work(most)

    @rule(most=few, transaction=st.integers(0, 4), before_commit=st.booleans())
    def die(self, most, transaction, before_commit):
        """A worker is killed at one of its transactions."""
        self.workers.work(most, dies_at=transaction, before_commit=before_commit)

    @rule(most=few)
    def die_at_once(self, most):
        """A worker is killed when it has its leases and nothing else."""
        self.workers.lease(None, most)

    @rule(most=few)
    def oversleep(self, most):
        """A worker sleeps in the middle of a call until its leases have ended; others do its work."""

        def others_work():
            self.clock.forward(seconds=300)
            self.workers.work(3)
            self.workers.work(3)
            self.what_has_ended_stays_so()

        self.workers.meanwhile = others_work
        self.workers.work(most)
        self.workers.meanwhile = None

    @rule()
    def lose_wake_ups(self):
        """What should wake the workers is lost; the sweep finds it."""
        with self.database.write() as connection:
            connection.execute(update(MailboxRow).where(MailboxRow.owner.is_(None)).values(wake_at=None))
            sweeping.sweep(connection, self.clock(), LEASE)

    @invariant()
    def what_has_ended_stays_so(self):
        """Deliveries that are done or dead, effects that are applied or dead."""
        states = self.states()
        assert self.ended == {what: states[what] for what in self.ended}
        self.ended = {what: state for what, state in states.items() if state not in {"waiting", "pending"}}

    @invariant()
    def each_delivery_is_done_once(self):
        """Its event is logged when it is done, in the order in which those of its door came."""
        done = self.rows(select(DeliveryRow.id).where(DeliveryRow.state == "done").order_by(DeliveryRow.id))
        logged = self.rows(select(EventRow.delivery, EventRow.subject).order_by(EventRow.id))
        assert done == sorted((number,) for number, _ in logged)
        for door in "abc":
            mine = [number for number, subject in logged if subject.endswith(f":{door}")]
            assert sorted(mine) == mine

    @invariant()
    def nothing_waits_without_being_due(self):
        """A mailbox with work is due at some time, or leased for some time."""
        assert [] == self.rows(text(STUCK))

    def teardown(self):
        """All is well again: every delivery ends as it must, and the last state is written."""
        self.workers.failures.clear()
        for _ in range(MOST_HOURS):
            while self.workers.work(20):
                pass
            if not {"waiting", "pending"} & set(self.states().values()):
                break
            self.clock.forward(hours=1)
        assert not {"waiting", "pending"} & set(self.states().values())
        assert {(ENDS[kind], kind) for _, kind in self.rows(select(DeliveryRow.id, DeliveryRow.kind))} == set(
            self.rows(select(DeliveryRow.state, DeliveryRow.kind))
        )
        self.the_last_state_is_written()

    def the_last_state_is_written(self):
        """The last reading of a door began after it was asked for last, if it was not given up."""
        last = dict(self.rows(select(EffectRow.key, EffectRow.state).order_by(EffectRow.id)))
        for door, asked in self.workers.asked.items():
            state = last.get(f"read-runs:{door}/new")
            assert state == "dead" or asked < self.workers.shown.get(door, 0)

    def put(self, delivery):
        """What the inbox says of the delivery."""
        with self.database.write() as connection:
            return inbox.put(connection, delivery, self.clock())

    def rows(self, query):
        """The rows of a query as tuples."""
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def states(self):
        """Where every delivery and every effect stands."""
        return {
            (what, number): state
            for what, table in (("delivery", DeliveryRow), ("effect", EffectRow))
            for number, state in self.rows(select(table.id, table.state))
        }


def test_any_order(talk, monkeypatch):
    """Whatever happens in whatever order, each delivery ends once and nothing is stuck."""
    bot = talk()
    chosen = settings(
        max_examples=40, stateful_step_count=30, deadline=None, phases=[Phase.generate, Phase.shrink]
    )
    with capture_logs():
        run_state_machine_as_test(lambda: AnyOrder(bot, monkeypatch), settings=chosen)


@pytest.mark.parametrize("failure", [None, *sorted(FAILURES)])
def test_a_worker_that_overslept_takes_nothing_back(failure, talk, monkeypatch):
    """Its lease ended in the middle of a call, and another worker made the effect true."""
    bot = talk()
    workers = Workers(bot)
    monkeypatch.setattr("trainboard.engine.incoming.react", workers.react)
    monkeypatch.setattr("trainboard.engine.outgoing.apply", workers.apply)

    def another_works():
        bot.clock.forward(minutes=5)
        workers.work(1)

    bot.bot.intake(Delivery(source="test", id="1", kind="good", entity="a", body=b"good"))
    workers.work(1)
    workers.failures["a"] = [failure] if failure else []
    workers.meanwhile = another_works
    workers.work(1)

    with bot.bot.database.read() as connection:
        effects = connection.execute(select(EffectRow.state, EffectRow.attempts, EffectRow.error)).all()
    assert [("applied", 0, None)] == effects
