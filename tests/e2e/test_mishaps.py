"""What the bot does when its own parts fail: nothing is lost, nothing is held back for ever."""

import pytest
from sqlalchemy import text

from fakes.conversation import run
from trainboard import handlers
from trainboard.applying import apply
from trainboard.deliveries import Delivery
from trainboard.effects import EnsureIteration
from trainboard.engine import incoming, outgoing
from trainboard.engine.leases import LEASE
from trainboard.store import items
from trainboard.store.sweeping import sweep
from trainboard.trackers.local import LocalTracker
from trainboard.wiring import build
from trainboard.work_items import WorkItemChange


def states(bot):
    """State, tries and reason of every delivery, in order."""
    with bot.bot.database.read() as connection:
        return [
            tuple(row)
            for row in connection.execute(text("SELECT state, attempts, error FROM deliveries ORDER BY id"))
        ]


def breaks(monkeypatch, times, *, run_id="r1"):
    """Let the handlers raise at the reports of one run, so many times."""
    react = handlers.react
    left = [times]

    def fail(event, read):
        if getattr(event, "report", None) and event.report.run.id == run_id and left[0]:
            left[0] -= 1
            raise RuntimeError("a bug")
        return react(event, read)

    monkeypatch.setattr("trainboard.engine.incoming.react", fail)


def test_a_poisoned_delivery_dies_with_its_reason_and_harms_no_other(bot):
    """Those before and behind it are done."""
    bot.reports(run("r0"), settle=False)
    poison = Delivery(source="poll/runs/ci", id="p", kind="run", entity="runs/ci:x/churn-xgb", body=b"{}")
    bot.bot.intake(poison)
    bot.reports(run("r1"), settle=False)
    with pytest.raises(Exception, match="event"):
        bot.bot.worker.means.parse(poison)
    bot.settle()
    for _ in range(10):
        bot.forward(minutes=10)

    kinds = [state for state, _, _ in states(bot)][:3]
    assert sorted(["done", "dead", "done"]) == sorted(kinds)
    assert "2 runs" in bot.items()[0].body


def test_a_bug_in_a_handler_is_tried_again_and_order_is_kept(bot, monkeypatch):
    """It passes at the third try; what came behind it waited."""
    breaks(monkeypatch, 2 + 1)
    bot.reports(run("r1"), settle=False)
    bot.reports(run("r2"), settle=False)
    bot.settle()
    assert ["waiting", "waiting"] == [state for state, _, _ in states(bot)]

    for _ in range(10):
        bot.forward(seconds=10)
    assert {"done"} == {state for state, _, _ in states(bot)}
    assert "2 runs" in bot.items()[0].body


def test_a_bug_that_stays_is_given_up_and_lets_the_others_through(bot, monkeypatch):
    """Dead with the reason, seen by the operator; the next run is on the board."""
    breaks(monkeypatch, 1000)
    bot.reports(run("r1"), settle=False)
    bot.reports(run("r2"), settle=False)
    for _ in range(40):
        bot.forward(seconds=10)

    dead = [(attempts, error) for state, attempts, error in states(bot) if state == "dead"]
    assert [(4, "RuntimeError: a bug")] == dead
    assert "1 run" in bot.items()[0].body


def test_a_lease_that_somebody_else_took_ends_the_work_without_an_outcome(bot):
    """The other one does it; nothing is done twice."""
    bot.reports(run("r1"), settle=False)
    worker = bot.bot.worker
    with bot.bot.database.read() as connection:
        mailbox = connection.execute(text("SELECT mailbox FROM deliveries")).scalar()
    incoming.drain(worker.means, [mailbox])
    assert [("waiting", 0, None)] == states(bot)

    bot.settle()
    bot.reports(run("r2"))
    bot.clock.forward(seconds=31)
    outgoing.drain(worker.means, "out:experiment:churn/churn-xgb")
    assert "1 run:" in bot.items()[0].body
    bot.settle()
    assert "2 runs" in bot.items()[0].body


def test_an_item_that_somebody_deleted_before_the_sprint_ended_is_not_carried(bot, monkeypatch):
    """Gone is gone."""
    bot.reports(run("r1"))
    with bot.bot.database.write() as connection:
        connection.execute(text("DELETE FROM local_items"))
    bot.forward(days=7)
    bot.forward(seconds=5)

    with bot.bot.database.read() as connection:
        known = items.find(connection, "churn", "churn-xgb", 1)
    assert items.GONE == known.item.state
    bot.forward(minutes=5)
    assert [] == bot.items()


def lives_a_few_seconds(bot):
    """The clock goes off, and what waits for something of ours is tried again."""
    bot.ticks()
    for _ in range(3):
        bot.clock.forward(seconds=1)
        bot.settle()


def test_a_crash_between_moving_and_noting_carries_once(bot, monkeypatch):
    """The item stands in the new sprint already when the move is made again; it counts once."""

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    bot.reports(run("r1"))
    bot.clock.forward(days=7)
    with monkeypatch.context() as patched:
        patched.setattr("trainboard.applying.carries.items.carry", die)
        with pytest.raises(Killed):
            lives_a_few_seconds(bot)
    bot.restart()
    for _ in range(3):
        bot.forward(minutes=5)

    [item] = bot.items()
    assert "Carried once, from Sprint 1" in item.body


def test_a_sprint_that_is_asked_for_twice_is_made_once(bot):
    """The clock and a run want it at the same time."""
    bot.ticks()
    bot.reports(run("r1"))
    apply(EnsureIteration(project="churn", number=1), bot.bot.outside)
    assert 2 == len(list(bot.bot.outside.trackers["churn"].list_iterations()))


def test_a_long_text_of_people_leaves_room_for_the_bots_part(bot):
    """The bot's part is cut, people's text is not."""
    bot.reports(run("r1"))
    person = LocalTracker(bot.bot.database, "churn", bot.clock, author="ana")
    item = bot.items()[0]
    long = "Our notes. " * 20_000
    person.update_item(item.ref, WorkItemChange(body=long + item.body))
    bot.clock.forward(seconds=31)
    bot.reports(run("r2"))

    body = bot.items()[0].body
    assert body.startswith(long)
    assert "2 runs" in body


def test_the_bot_starts_and_stops_with_threads_of_its_own(talk):
    """The same bot as in the service, in this process."""
    bot = talk()
    bot.close()
    running = build(bot.settings, clock=bot.clock)
    running.start()
    running.stop()
    assert not [worker for worker in running.engine._workers if worker.is_alive()]


def test_a_clock_that_is_set_back_by_an_hour_holds_nothing_back(bot):
    """The run of the hour that comes again is on the board when its item's pace is over."""
    bot.ticks()
    bot.reports(run("r1"))
    bot.clock.forward(hours=-1)
    bot.reports(run("r2", ended="2026-11-18T08:30:00Z"))
    for _ in range(4):
        bot.clock.forward(seconds=10)
        with bot.bot.database.write() as connection:
            sweep(connection, bot.clock(), LEASE)
        bot.settle()

    assert {"done"} == {state for state, _, _ in states(bot)}
    assert "2 runs" in bot.items()[0].body
