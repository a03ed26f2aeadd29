"""People are told once, in a comment, what happened to an experiment."""

import pytest

from e2e.test_alerts_once import WORLDS, outlives
from fakes.alerts import AlertTalk
from fakes.conversation import SPRINT, Conversation, run
from trainboard.work_items import WorkItemChange

MOST_STEPS = 40
TARGET = "val_auc >= 0.92"


@pytest.fixture(params=["local, sqlite", "github", "azure boards"])
def talk(request):
    """A bot with an experiment that misses its target."""
    with WORLDS[request.param](request) as talk:
        begins(talk)
        yield talk
        talk.close()


def begins(talk):
    """A run made the work item, and somebody wrote a target."""
    talk.reports(run("r0", "churn-xgb", metrics={"val_auc": 0.9}))
    talk.forward(seconds=61)
    tracker, item = talk.bot.outside.trackers["churn"], experiment(talk)
    tracker.update_item(item.ref, WorkItemChange(body=f"{TARGET}\n\n{item.body}"))
    reports(talk, "r00", 0.9)


def experiment(talk):
    """The experiment's work item."""
    [item] = Conversation.items(talk)
    return item


def reports(talk, id_, auc):
    """A run ended, and the bot did all that is due."""
    talk.reports(run(id_, "churn-xgb", metrics={"val_auc": auc}))
    talk.forward(minutes=6)


def aim(talk, target):
    """Somebody writes another target into the work item."""
    tracker, item = talk.bot.outside.trackers["churn"], experiment(talk)
    _, rest = item.body.split("\n", 1)
    tracker.update_item(item.ref, WorkItemChange(body=f"{target}\n{rest}"))


def told(talk):
    """What the comments of the work item say."""
    return [text.replace("\u200b", "") for text in talk.comments(experiment(talk))]


def test_a_target_that_is_met_is_told_once(talk):
    """Better runs are no news."""
    assert [] == told(talk)
    reports(talk, "r1", 0.93)
    reports(talk, "r2", 0.95)
    [comment] = told(talk)
    assert "Target `val_auc >= 0.92` is **met**: 0.93, by run " in comment


def test_what_happens_while_the_next_comment_waits_is_told_in_it(talk):
    """The first is told at once."""
    talk.registers("churn", version="6", alias="staging", run_id="r0")
    talk.registers("churn", version="7", alias="champion", run_id="r0")
    talk.forward(minutes=6)
    first, second = told(talk)
    assert "Model `churn` version 6 was **registered**, made by run r0." in first
    assert [
        "- Model `churn` version 6 is in use: `staging`.",
        "- Model `churn` version 7 was **registered**, made by run r0.",
        "- Model `churn` version 7 is **in production**: `champion`.",
    ] == second.splitlines()[1:-1]


def test_a_death_between_any_two_steps_tells_nothing_twice(talk, monkeypatch):
    """And leaves nothing out."""
    for fatal in range(1, MOST_STEPS):
        before, target = len(told(talk)), f"val_auc >= 0.{fatal:02}1"
        aim(talk, target)
        talk.reports(run(f"f{fatal}", "churn-xgb", metrics={"val_auc": 0.9}), settle=False)
        has_lived = outlives(talk, monkeypatch, fatal)
        talk.forward(minutes=6)
        assert [f"Target `{target}` is **met**: 0.9, by run r0."] == [
            text.splitlines()[1] for text in told(talk)[before:]
        ]
        if has_lived:
            break
    assert 3 < fatal < MOST_STEPS - 1


@pytest.fixture
def local(tmp_path):
    """A bot with the local board, opened by the test."""
    opened = []

    def open_(**project):
        values = {"name": "churn", "tracker": "local", "sprint": SPRINT} | project
        opened.append(AlertTalk(f"sqlite:///{tmp_path}/t.db", projects=[values]))
        return opened[0]

    yield open_
    for talk in opened:
        talk.close()


def test_what_stands_in_a_new_item_is_no_news(local):
    """The bot has just found the experiment, with what happened before."""
    talk = local()
    for number in range(3):
        failed = run(f"r{number}", "churn-xgb", "failed", ended=f"2026-11-18T09:0{number}:00Z")
        talk.reports(failed, settle=False)
    talk.settle()
    reports(talk, "r9", 0.5)
    assert [] == told(talk)


def test_nobody_is_told_where_the_settings_say_so(local):
    """Nor later, when they say otherwise, of what happened meanwhile."""
    talk = local(milestone_comments=False)
    begins(talk)
    reports(talk, "r1", 0.95)
    assert [] == told(talk)


def test_an_item_that_somebody_deleted_is_told_nothing(local):
    """The bot goes on."""
    talk = local()
    begins(talk)
    talk.deletes(experiment(talk))
    reports(talk, "r1", 0.95)
    assert [] == Conversation.items(talk)


def test_a_budget_that_time_uses_up_is_told(local):
    """At 80 percent and at the end, though no run is told of."""
    talk = local()
    talk.reports(run("r0", "churn-xgb", metrics={"val_auc": 0.9}))
    tracker, item = talk.bot.outside.trackers["churn"], experiment(talk)
    body = item.body.replace("### Budget\n", "### Budget\nuntil 2026-11-20\n")
    tracker.update_item(item.ref, WorkItemChange(body=body))
    talk.forward(minutes=1)
    reports(talk, "r1", 0.9)
    for _ in range(5):
        talk.forward(days=1)
        talk.bot.schedule.tick_history()
        talk.settle()
    assert ["83", "101"] == [text.split("**")[1].split()[0] for text in told(talk)]
