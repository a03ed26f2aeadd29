"""From production round to production: drift, its bug, a retrained model, and the end of the bug."""

import pytest

from e2e.test_alerts_once import WORLDS
from fakes.alerts import alert
from fakes.conversation import Conversation, run
from trainboard.work_items import WorkItemChange


@pytest.fixture(params=["local, sqlite", "github", "azure boards"])
def talk(request):
    """A bot with an Alertmanager, whose work items and bugs live there."""
    with WORLDS[request.param](request) as talk:
        yield talk
        talk.close()


def experiment(talk):
    """The experiment's work item."""
    [item] = Conversation.items(talk)
    return item


def aims(talk, targets):
    """Somebody writes targets into the work item."""
    tracker, item = talk.bot.outside.trackers["churn"], experiment(talk)
    tracker.update_item(item.ref, WorkItemChange(body=f"{targets}\n\n{item.body}"))


def test_from_drift_to_a_retrained_model(talk):
    """One bug says which version drifts, what made it and what it must reach; it ends when that is mended."""
    talk.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.93}))
    talk.forward(seconds=61)
    aims(talk, "val_auc >= 0.92")
    talk.reports(run("r2", "churn-xgb", metrics={"val_auc": 0.9}))
    talk.forward(seconds=61)
    talk.registers("churn", version="7", alias="champion", run_id="r1")

    began = talk.clock()
    talk.tells(alert("FeatureDrift", feature="age", starts=began))
    talk.forward(seconds=3)
    [bug] = talk.items()
    plain = bug.body.replace("\u200b", "")
    assert "- `churn` version 7 (`champion`), made by run r1" in plain
    assert "Experiment: churn-xgb" in plain
    assert "- Target `val_auc >= 0.92`: 0.93, ✓ met" in plain

    talk.reports(run("r3", "churn-xgb", metrics={"val_auc": 0.95}))
    talk.forward(seconds=61)
    talk.registers("churn", version="8", alias="champion", run_id="r3")
    talk.forward(seconds=61)
    assert "- `churn` version 8 (`champion`), from r3" in experiment(talk).body.replace("\u200b", "")

    talk.tells(alert("FeatureDrift", feature="age", firing=False, starts=began))
    talk.forward(minutes=11)
    [bug] = talk.items()
    assert "closed" == bug.state
    assert "- `churn` version 8 (`champion`), made by run r3" in bug.body.replace("\u200b", "")
