"""Runs whose clients were killed: nobody ends them, and nothing says that they run for ever."""

import pytest

from fakes.conversation import run


@pytest.fixture
def bot(talk):
    """A bot that was told of a run that started, and of one that ended."""
    bot = talk()
    bot.reports(run("killed", status="running"))
    bot.reports(run("done"))
    bot.forward(minutes=2)
    assert "2 runs: 1 finished, 1 running" in bot.items()[0].body
    return bot


def test_a_run_of_which_nothing_is_heard_does_not_run_for_ever(bot):
    """After two days its row and the headline say since when; one edit does it."""
    bot.forward(hours=47)
    before = bot.items()[0].body
    assert "1 running" in before
    bot.forward(hours=2)
    body = bot.items()[0].body
    assert "2 runs: 1 finished, 1 not heard of" in body
    assert "| not heard of since 2026-11-18 10:00 |" in body
    for _ in range(5):
        bot.forward(hours=1)
        assert body == bot.items()[0].body


def test_a_run_that_is_heard_of_again_runs(bot):
    """Whatever it says that is new counts."""
    bot.forward(hours=49)
    bot.reports(run("killed", status="running", metrics={"val_auc": 0.5}))
    bot.forward(minutes=2)
    assert "2 runs: 1 finished, 1 running" in bot.items()[0].body
    bot.reports(run("killed"))
    bot.forward(minutes=2)
    assert "2 runs: 2 finished" in bot.items()[0].body


def test_a_sweep_tells_how_many_of_its_runs_are_not_heard_of(talk):
    """Beside how many are done."""
    bot = talk()
    group = {"id": "s", "kind": "sweep", "planned": 3}
    bot.reports(run("a", run={"group": group}))
    bot.reports(run("b", status="running", run={"group": group}))
    bot.forward(minutes=2)
    bot.forward(hours=49)
    assert "1 of 3 done, 1 not heard of since 2026-11-18 10:00" in bot.items()[0].body
