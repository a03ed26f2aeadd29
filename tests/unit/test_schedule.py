"""Ticks of one time slot are one delivery, whoever's clock makes them."""

import queue
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from fakes.clock import FakeClock
from trainboard import events
from trainboard.deliveries import Acceptance, Delivery
from trainboard.events import HooksDue, PollDue, RecoveryDue, RemovalDue, SilenceDue, SprintsDue
from trainboard.schedule import (
    FULL_EVERY,
    HISTORY_EVERY,
    REMOVAL_EVERY,
    REPORTS_EVERY,
    SILENCE_EVERY,
    SPRINTS_EVERY,
    Schedule,
    Watched,
)
from trainboard.store import inbox
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

POLL_EVERY = timedelta(seconds=30)
PATIENCE_SECONDS = 20


@pytest.fixture
def clock():
    """A clock that stands at the beginning of a time slot."""
    return FakeClock(datetime(2026, 11, 18, 10, 0, tzinfo=UTC))


def make(accept, clock, doors=("mlflow/prod",), poll_every=POLL_EVERY):
    return Schedule(accept, Watched(doors=tuple(doors)), clock, poll_every)


def ids(deliveries):
    return [each.id for each in deliveries]


def test_a_sprint_tick_is_a_delivery_of_its_slot(clock):
    """Its id is the second in which the slot began; the event tells the moment."""
    put = []
    clock.forward(seconds=17)
    make(put.append, clock).tick_sprints()

    expected = Delivery(
        source="clock",
        id="sprints/1794996000",
        kind="SprintsDue",
        entity="clock/sprints",
        body=events.encode(SprintsDue(at=clock())),
    )
    assert [expected] == put


def test_a_poll_tick_asks_every_source_twice(clock):
    """For all of the sprint once a day, and for what is new each time."""
    put = []
    make(put.append, clock, doors=["mlflow/a", "mlflow/b"]).tick_polls()

    asked = [PollDue(door=f"mlflow/{name}", full=full) for name in "ab" for full in (True, False)]
    assert asked == [events.decode(each.body) for each in put]
    assert ["clock/poll-full/mlflow/a", "clock/poll/mlflow/a"] == [each.entity for each in put[:2]]


@pytest.mark.parametrize(("name", "every"), [("poll", POLL_EVERY), ("poll-full", FULL_EVERY)])
def test_a_slot_is_one_delivery_and_the_next_another(name, every, clock):
    """Two processes tick at other moments of the slot."""
    clock.now = datetime(2026, 11, 18, tzinfo=UTC)
    put = []
    for seconds in (0.0, every.total_seconds() - 1, 1.0):
        clock.forward(seconds=seconds)
        make(put.append, clock).tick_polls()
    first, second, third = (one for one in ids(put) if one.startswith(f"{name}/"))

    assert (True, False) == (first == second, second == third)


def test_slots_of_another_length_are_others(clock):
    """After the settings changed, no tick is taken for one of long ago."""
    before, after = [], []
    for _ in range(10):
        make(before.append, clock, poll_every=timedelta(seconds=300)).tick_polls()
        clock.forward(seconds=300)
    clock.now = datetime.fromtimestamp(1794996000 // 300 * 301, UTC)
    for _ in range(10):
        make(after.append, clock, poll_every=timedelta(seconds=301)).tick_polls()
        clock.forward(seconds=301)

    assert set() == set(ids(before)) & set(ids(after))


def test_the_clock_ticks_at_once():
    """Sprints and polls are looked at when the bot starts, and not after it stopped."""
    put = queue.Queue()
    schedule = make(put.put, lambda: datetime.now(UTC))
    schedule.start()
    kinds = {put.get(timeout=PATIENCE_SECONDS).kind for _ in range(6)}
    schedule.stop()

    assert {"SprintsDue", "PollDue", "RemovalDue", "SilenceDue", "ReportsDue"} == kinds
    assert not schedule._scheduler.running


def test_a_clock_that_was_set_back_does_not_stop_the_ticks():
    """They come at once, and not when it is as late again as it was."""
    put = queue.Queue()
    schedule = make(put.put, lambda: datetime.now(UTC))
    schedule.start()
    for _ in range(6):
        put.get(timeout=PATIENCE_SECONDS)
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        schedule._scheduler.wakeup()
        kinds = {put.get(timeout=PATIENCE_SECONDS).kind for _ in range(7)}
        [first, *_] = [job.next_run_time - datetime.now(UTC) for job in schedule._scheduler.get_jobs()]
    schedule.stop()

    assert {"SprintsDue", "PollDue", "RemovalDue", "SilenceDue", "HistoryDue", "ReportsDue"} == kinds
    assert first < 2 * SPRINTS_EVERY


def test_two_schedulers_make_each_tick_once(tmp_path):
    """Whoever comes second says what is known already."""
    database = Database(f"sqlite:///{tmp_path}/trainboard.db")
    upgrade(database)
    clock = FakeClock()
    said = []

    def accept(delivery):
        with database.write() as connection:
            said.append(inbox.put(connection, delivery, clock()))

    for _ in range(2):
        for schedule in (make(accept, clock), make(accept, clock)):
            schedule.tick_sprints()
        clock.forward(seconds=SPRINTS_EVERY.total_seconds())
    database.close()

    assert [Acceptance.STORED, Acceptance.IN_PROGRESS] * 2 == said


def test_a_schedule_that_never_began_stops():
    """A process that only serves has one, too."""
    schedule = make(lambda delivery: delivery, lambda: datetime.now(UTC))
    schedule.stop()

    assert not schedule._scheduler.running


def test_senders_are_asked_at_the_start_and_in_every_slot(clock):
    """What was missed while nobody listened does not wait for its slot, nor is it taken for the slot's."""
    put = queue.Queue()
    schedule = Schedule(put.put, Watched(senders=("github",)), clock, POLL_EVERY)
    clock.now = datetime.now(UTC)
    schedule.start()
    [at_start] = [each for each in (put.get(timeout=PATIENCE_SECONDS) for _ in range(5)) if is_recovery(each)]
    schedule.stop()
    clock.now = datetime(2026, 11, 18, 10, 7, tzinfo=UTC)
    schedule.tick_recovery()
    in_slot = put.get(timeout=PATIENCE_SECONDS)

    assert at_start.id.startswith("recover-at-start/github/")
    assert "recover/github/1794996300" == in_slot.id
    assert [RecoveryDue(source="github")] * 2 == [events.decode(each.body) for each in (at_start, in_slot)]


def test_a_look_at_the_hooks_is_made_at_the_start_and_in_slots(clock):
    """As for what was missed: a hook may have failed while nobody looked."""
    put = queue.Queue()
    schedule = Schedule(put.put, Watched(hooked=("azure-devops",)), clock, POLL_EVERY)
    clock.now = datetime.now(UTC)
    schedule.start()
    started = [put.get(timeout=PATIENCE_SECONDS) for _ in range(5)]
    schedule.stop()
    clock.now = datetime(2026, 11, 18, 10, 17, tzinfo=UTC)
    schedule.tick_hooks()
    in_slot = put.get(timeout=PATIENCE_SECONDS)

    [at_start] = [each for each in started if each.kind == "HooksDue"]
    assert at_start.id.startswith("hooks-at-start/azure-devops/")
    assert "hooks/azure-devops/1794996600" == in_slot.id
    assert [HooksDue(source="azure-devops")] * 2 == [events.decode(each.body) for each in (at_start, in_slot)]


def is_recovery(delivery):
    return "RecoveryDue" == delivery.kind


def test_removal_has_a_slot_an_hour(clock):
    """Any number of processes remove once."""
    put = []
    for _ in range(3):
        make(put.append, clock).tick_removal()
        clock.forward(minutes=29)
    make(put.append, clock).tick_removal()

    assert ["remove/1794996000"] * 3 + ["remove/1794999600"] == ids(put)
    assert RemovalDue() == events.decode(put[0].body)


def test_silence_has_a_slot_an_hour(clock):
    """Any number of processes look once."""
    put = []
    for minutes in (0, 29, 31):
        clock.forward(minutes=minutes)
        make(put.append, clock).tick_silence()

    assert ["silence/1794996000"] * 2 + ["silence/1794999600"] == ids(put)
    assert SilenceDue() == events.decode(put[0].body)


def test_without_sources_only_what_is_ours_ticks():
    """There is nothing else to look at."""
    schedule = make(lambda delivery: delivery, lambda: datetime.now(UTC), doors=())
    schedule.start()
    every = [job.trigger.interval for job in schedule._scheduler.get_jobs()]
    schedule.stop()

    ours = [SPRINTS_EVERY, REMOVAL_EVERY, SILENCE_EVERY, HISTORY_EVERY, REPORTS_EVERY]
    assert sorted(ours) == sorted(every)
