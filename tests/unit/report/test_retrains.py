"""What was trained anew, and why."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.experiments import START, run
from trainboard.policy import Project
from trainboard.report.retrains import list_retrains
from trainboard.runs import Links
from trainboard.triggers import Origin, Pipeline, Trigger, TriggerState

PROJECT = Project(
    name="churn",
    tracker="github:acme/churn",
    pipelines=(
        Pipeline(name="nightly", kind="local", place="local:churn", target="nightly", commands=("retrain",)),
        Pipeline(name="deploy", kind="local", place="local:churn", target="deploy", commands=("promote",)),
    ),
)


def trigger(key="t", **fields):
    """A training that somebody asked for on work item 4, and that was started."""
    values = {
        "project": "churn",
        "pipeline": "nightly",
        "origin": Origin(place="github:acme/churn", ref="4"),
        "by": "ada",
        "at": START,
        "state": TriggerState.STARTED,
        "url": "https://ci.example.com/runs/9",
    }
    return Trigger(key=key, **values | fields)


def retrained(id_, *, cause=None, ci=None, **said):
    """A run that says that it trains anew."""
    made = replace(run(id_, **said), stage="retrain")
    made = made if cause is None else replace(made, tags={"retrain_cause": cause})
    return made if ci is None else replace(made, links=Links(ci_url=ci))


def causes(triggers=(), runs=(), bugs=()):
    """Of what was trained anew."""
    return [each.cause for each in list_retrains(PROJECT, triggers, runs, bugs)]


def test_what_is_asked_for_on_the_bug_of_an_alert_has_the_alert_as_its_cause():
    """Anywhere else it is a command."""
    bugs = {("github:acme/churn", "4")}
    other = trigger("u", origin=Origin(place="github:acme/churn", ref="4", is_pull_request=True))
    assert ["drift alert", "command"] == causes([trigger(), other], bugs=bugs)
    assert ["command"] == causes([trigger(origin=Origin(place="GitHub:Acme/Churn", ref="5"))], bugs=bugs)


@pytest.mark.parametrize(
    "fields",
    [
        {"pipeline": "deploy"},
        {"pipeline": "gone"},
        {"environment": "production"},
        {"state": TriggerState.REFUSED},
        {"state": TriggerState.UNSURE},
    ],
)
def test_what_was_not_started_or_deploys_is_no_training(fields):
    """Nor what nobody declares any more."""
    assert [] == causes([trigger(**fields)])


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("schedule", "schedule"),
        (" Schedule ", "schedule"),
        ("drift", "drift alert"),
        ("command", "command"),
        ("workflow_dispatch", "other"),
        (None, "other"),
    ],
)
def test_a_run_says_its_cause(cause, expected):
    """By a tag, in the words of whoever started it."""
    assert [expected] == causes(runs=[retrained("r", cause=cause)])


def test_a_training_counts_once():
    """The runs of one sweep, those of one run of a pipeline, and those that a trigger led to."""
    sweep = [retrained("s1", sweep="s"), retrained("s2", sweep="s"), retrained("s")]
    piped = [
        retrained("p1", ci="https://ci.example.com/runs/8"),
        retrained("p2", ci="https://ci.example.com/runs/8"),
    ]
    asked = [
        retrained("a1", ci="https://ci.example.com/runs/9"),
        retrained("a2", ci="https://ci.example.com/runs/9/job/1"),
    ]
    foreign = retrained("f", ci="https://ci.example.com/runs/99")
    assert 4 == len(causes([trigger()], [*sweep, *piped, *asked, foreign, run("trains")]))


def test_they_stand_in_their_order():
    """By time."""
    late = trigger("late", at=START + timedelta(hours=1), url="")
    found = list_retrains(PROJECT, [late, trigger("early")], [], ())
    assert ["early", "late"] == [each.ref for each in found]
