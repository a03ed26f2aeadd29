"""Alerts become bugs: one for each problem, closed when it is gone."""

from datetime import timedelta

import pytest

from fakes.alerts import AlertTalk, alert
from fakes.conversation import SPRINT, run
from trainboard.budgets import Lane, current_lane


@pytest.fixture
def talk(tmp_path):
    """A bot with an Alertmanager and a local board."""
    talk = AlertTalk(f"sqlite:///{tmp_path}/t.db")
    yield talk
    talk.close()


def test_an_alert_becomes_a_bug_that_closes_when_it_is_gone(talk):
    """One bug, made after the debounce, closed after the hold, whatever is repeated."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.tells(alert())
    assert [("open", "Alert: FeatureDrift (model=churn)")] == talk.bugs()
    talk.tells(alert(firing=False))
    talk.forward(minutes=9)
    assert [("open", "Alert: FeatureDrift (model=churn)")] == talk.bugs()
    talk.forward(minutes=2)
    assert [("closed", "Alert: FeatureDrift (model=churn)")] == talk.bugs()


def test_what_comes_back_opens_the_same_bug_again(talk):
    """Within the time that the settings name; later it is another bug."""
    talk.lives_once()
    talk.tells(alert(starts=talk.clock()))
    talk.forward(seconds=3)
    assert ["open"] == [state for state, _ in talk.bugs()]
    talk.tells(alert(firing=False, starts=talk.clock() - timedelta(seconds=3)))
    talk.forward(hours=3)
    assert ["closed"] == [state for state, _ in talk.bugs()]
    talk.forward(days=8)
    talk.tells(alert(starts=talk.clock()))
    talk.forward(seconds=3)
    assert ["closed", "open"] == [state for state, _ in talk.bugs()]


def test_a_stale_firing_after_the_end_opens_nothing(talk):
    """As the second of two Alertmanagers sends it."""
    began = talk.clock()
    talk.lives_once()
    talk.tells(alert(starts=began))
    talk.forward(minutes=1)
    assert ["closed"] == [state for state, _ in talk.bugs()]


def test_many_problems_of_one_rule_are_one_bug(talk):
    """A storm, closed when the last of them is over."""
    for number in range(200):
        talk.tells(alert(model=f"m{number}"), settle=False)
    talk.settle()
    talk.forward(seconds=3)
    assert [("open", "Alert storm: 200 problems of FeatureDrift from alertmanager/prod")] == talk.bugs()
    for number in range(200):
        talk.tells(alert(model=f"m{number}", firing=False), settle=False)
    talk.settle()
    talk.forward(minutes=11)
    assert ["closed"] == [state for state, _ in talk.bugs()]


def test_what_left_alerts_out_closes_nothing(talk):
    """A message that was cut says nothing of what it leaves out."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.tells(alert(firing=False), truncated=190)
    talk.forward(hours=2)
    assert ["open"] == [state for state, _ in talk.bugs()]


def test_what_nobody_tells_of_any_more_is_closed_as_stale(talk):
    """After the time that the settings name."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.forward(hours=5)
    assert ["open"] == [state for state, _ in talk.bugs()]
    talk.forward(hours=1, minutes=20)
    assert ["closed"] == [state for state, _ in talk.bugs()]
    assert "tb:stale" in talk.items()[0].labels


def test_a_bug_tells_where_the_model_came_from(talk):
    """Version in use, run, experiment and its targets, from what the bot knows already."""
    talk.reports(run(experiment="churn-xgb", metrics={"val_auc": 0.93}))
    talk.plans("churn-xgb", "- val_auc >= 0.95")
    talk.registers("churn", version="7", alias="champion", run_id="r1")
    talk.forward(minutes=1)
    talk.tells(alert())
    talk.forward(seconds=3)
    body = talk.items()[0].body
    told = body.partition("#### Model\n\n")[2].partition("\n\n")[0].replace("\u200b", "").splitlines()
    assert [
        "- `churn` version 7 (`champion`), made by run r1",
        "- Experiment #1 Experiment: churn-xgb",
        "- Target `val_auc >= 0.95`: 0.93, ✗ not met",
    ] == told


def test_a_bug_goes_to_its_owner_with_its_severity(tmp_path):
    """By maps in the settings, never by a raw label."""
    bugs = {
        "assignees": {"model=chu*": ["ada"]},
        "severities": {"p1": "critical"},
        "shown_labels": ["model"],
    }
    talk = AlertTalk(f"sqlite:///{tmp_path}/t.db", source={"bugs": bugs})
    talk.tells(alert(severity="P1", assignee="mallory"))
    talk.forward(seconds=3)
    item = talk.items()[0]
    assert (("ada",), "Bug", "1") == (item.assignees, item.type, item.iteration)
    assert {"model:churn", "tb:alert", "tb:severity-critical"} == set(item.labels)
    talk.close()


def test_what_is_not_bad_waits_in_the_backlog(talk):
    """Only what the settings call bad enough goes into the current sprint."""
    talk.tells(alert(severity="info"))
    talk.forward(seconds=3)
    assert [None] == [item.iteration for item in talk.items()]


def test_what_becomes_worse_is_said_at_once(talk):
    """In the text, with a label and by one comment."""
    talk.tells(alert(severity="warning"))
    talk.forward(seconds=3)
    talk.tells(alert(severity="critical"))
    assert ["This became worse: it is **critical** now."] == talk.comments(talk.items()[0])
    assert {"tb:alert", "tb:severity-critical"} == set(talk.items()[0].labels)


def test_a_person_who_gives_up_a_bug_is_obeyed(talk):
    """Closed as not planned, it stays so, whatever comes."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.closes(talk.items()[0], closed_as="not planned")
    talk.tells(alert(starts=talk.clock()))
    talk.forward(days=2)
    assert ["closed"] == [state for state, _ in talk.bugs()]


def test_a_bug_that_was_closed_while_it_fires_is_let_alone_for_a_while(talk):
    """Then it is opened again with one comment, because it is not done."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.closes(talk.items()[0])
    talk.forward(minutes=30)
    talk.tells(alert())
    assert ["closed"] == [state for state, _ in talk.bugs()]
    talk.forward(minutes=40)
    talk.tells(alert())
    assert ["open"] == [state for state, _ in talk.bugs()]
    assert 1 == len(talk.comments(talk.items()[0]))


def test_a_bug_that_people_keep_open_stays_open(talk):
    """By a label on it."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.labels(talk.items()[0], "tb:keep-open")
    talk.tells(alert(firing=False))
    talk.forward(hours=3)
    assert ["open"] == [state for state, _ in talk.bugs()]


def test_what_people_wrote_is_kept(talk):
    """Title, text and labels of theirs outlive whatever the alert does."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.edits(talk.items()[0], title="Drift after the release", body="Ours.\n\n" + talk.items()[0].body)
    talk.labels(talk.items()[0], "team-ml")
    talk.tells(alert(severity="critical"))
    talk.tells(alert(firing=False))
    talk.forward(hours=3)
    item = talk.items()[0]
    assert ("closed", "Drift after the release", True) == (item.state, item.title, "team-ml" in item.labels)
    assert item.body.startswith("Ours.\n\n")


def test_what_flaps_is_one_bug_with_a_longer_hold(talk):
    """It is said by a label, and the bug does not open and close all the time."""
    for _ in range(4):
        talk.tells(alert(starts=talk.clock()))
        talk.forward(minutes=3)
        talk.tells(alert(firing=False, starts=talk.clock() - timedelta(minutes=3)))
        talk.forward(minutes=5)
    talk.forward(minutes=15)
    assert ["open"] == [state for state, _ in talk.bugs()]
    assert "tb:flapping" in talk.items()[0].labels
    talk.forward(hours=2)
    assert ["closed"] == [state for state, _ in talk.bugs()]


def test_a_deleted_bug_is_made_anew_only_for_a_new_episode(talk):
    """Who deletes it means it."""
    talk.tells(alert())
    talk.forward(seconds=3)
    talk.deletes(talk.items()[0])
    talk.tells(alert())
    talk.forward(hours=1)
    assert [] == talk.bugs()
    talk.tells(alert(starts=talk.clock()))
    talk.forward(seconds=3)
    assert ["open"] == [state for state, _ in talk.bugs()]


@pytest.mark.parametrize(("severity", "lane"), [("critical", Lane.CLOSE), ("error", Lane.CREATE)])
def test_what_is_critical_goes_first(talk, severity, lane):
    """When calls get scarce, a reserve is kept for it that others leave alone."""
    lanes = []
    tracker = talk.bot.outside.trackers["churn"]
    create = tracker.create_item

    def watched(new):
        lanes.append(current_lane())
        return create(new)

    tracker.create_item = watched
    talk.tells(alert(severity=severity))
    talk.forward(seconds=3)
    assert [lane] == lanes


def test_so_many_bugs_at_most_are_made_in_a_minute(talk):
    """However many rules fire, one after the other: the rest shares one bug."""
    for number in range(55):
        talk.tells(alert(f"Rule{number}", model=f"m{number}", starts=talk.clock()))
        talk.forward(seconds=1)
    talk.forward(seconds=3)
    titles = [title for _, title in talk.bugs()]
    storms = [title for title in titles if title.startswith("Alert storm")]
    assert ["Alert storm: many alerts from alertmanager/prod"] == storms
    assert 10 < len(titles) - len(storms) <= 20


def test_a_bug_of_a_model_offers_what_may_mend_it(tmp_path):
    """The pipelines of the project that retrain or roll back, while it fires and the model is known."""
    workflow = {"kind": "workflow", "file": "retrain.yml", "repository": "acme/churn"}
    pipelines = [
        workflow | {"name": "retrain", "commands": ["retrain"]},
        {"kind": "local", "name": "back", "commands": ["rollback"]},
        {"kind": "local", "name": "other"},
    ]
    project = {"name": "churn", "tracker": "local", "sprint": SPRINT, "pipelines": pipelines}
    talk = AlertTalk(f"sqlite:///{tmp_path}/t.db", projects=[project], github={"token": "t"})
    talk.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.93}))
    talk.registers("churn", version="7", alias="champion", run_id="r1")
    talk.tells(alert())
    talk.tells(alert("Unknown", model="ranking"))
    talk.forward(seconds=3)
    known, unknown = talk.items()
    page = "https://github.com/acme/churn/actions/workflows/retrain.yml"
    assert [f"- Retrain the model with pipeline [retrain]({page})", "- Roll back with pipeline back"] == [
        line for line in known.body.splitlines() if "pipeline" in line
    ]
    assert "What to do" not in unknown.body
    talk.tells(alert(firing=False))
    talk.forward(minutes=11)
    assert "What to do" not in talk.items()[0].body
    talk.close()
