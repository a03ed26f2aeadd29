"""From production round to production: drift, its bug, a retrained model, and the end of the bug."""

import re
from datetime import timedelta

import pytest

from e2e.test_alerts_once import WORLDS
from fakes.alerts import AlertTalk, alert
from fakes.conversation import SPRINT, Conversation, run
from trainboard.run_requests import Asking, ask_for_run
from trainboard.store import outbox
from trainboard.triggers import Origin
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
    talk.forward(seconds=61)
    told = experiment(talk).body.replace("\u200b", "")
    assert f"{bug.ref}: {bug.title}" in told
    assert "of `churn` version 7: since 2026-11-18 10:" in told
    assert re.search(r"→ \*\*✓ \[?monitor", told)

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
    talk.forward(seconds=61)
    assert re.search(r"of `churn` version 8: since .*, closed 2026-11-18 ", experiment(talk).body)


def test_a_retraining_against_an_alert_is_told_where_the_model_was_made(tmp_path):
    """Whoever asks for it on the bug starts the next round of the experiment."""
    pipeline = {"name": "nightly", "kind": "local", "commands": ["retrain"]}
    project = {"name": "churn", "tracker": "local", "sprint": SPRINT, "pipelines": [pipeline]}
    talk = AlertTalk(f"sqlite:///{tmp_path}/t.db", projects=[project])
    talk.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.93}))
    talk.registers("churn", version="7", alias="champion", run_id="r1")
    talk.tells(alert("FeatureDrift", feature="age"))
    talk.forward(seconds=65)
    [bug] = talk.items()

    place = talk.bot.outside.trackers["churn"].name
    asking = Asking(
        command="retrain", origin=Origin(place=place, ref=bug.ref), by="ana", key="c1", at=talk.clock()
    )
    effect = ask_for_run(talk.bot.outside.projects["churn"], "nightly", {}, asking)
    with talk.bot.database.write() as connection:
        outbox.put(connection, effect, talk.clock(), pace=timedelta(0))
    talk.forward(seconds=65)
    told = experiment(talk).body
    assert "- `nightly`, asked for by ana" in told
    assert "→ **✓ retrain**" in told
    talk.close()
