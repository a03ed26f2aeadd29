"""A report is made of what stands in the database around a sprint, too."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from fakes.alerts import TOLD
from fakes.board import POLICY, SPRINT, experiment, finished, registered
from fakes.code import CODE, HEAD, check, deployment, pull_request
from fakes.experiments import run
from fakes.pipelines import pipeline, trigger
from trainboard.facts import RecordCheck, RecordDeployment, RecordPullRequest, RecordRun
from trainboard.iterations import iteration
from trainboard.policy import Project
from trainboard.prices import Prices
from trainboard.pull_requests import CheckState, DeploymentState
from trainboard.report.happenings import Happening
from trainboard.store import around, item_history, problems, pull_requests, reports, runs, triggers

DATES = iteration(POLICY, SPRINT)
STARTS = DATES.starts_at
PROJECT = Project(
    name="churn",
    tracker="local:churn",
    code=CODE,
    sprint=POLICY,
    prices=Prices(currency="EUR", gpu_hour=(("*", Decimal(3)),)),
    pipelines=(pipeline("local"),),
)


def day(number):
    """Noon of the day of the sprint, from 1."""
    return STARTS + timedelta(days=number - 1, hours=12)


@pytest.fixture
def known(write):
    """A sprint in which something of everything happened."""
    experiment(write, reports=[finished("r1", 0.93)], targets="val_auc >= 0.92")
    report = run("g", minutes=30)
    report = replace(report, tags={"gpu_count": "2"})
    runs.record(write, RecordRun(project="churn", number=SPRINT, planned=False, at=day(3), report=report))
    registered(write, "churn", "1", "r1", alias="champion")
    problems.record(write, replace(TOLD, at=day(4)))
    triggers.put(write, trigger(at=day(5)))
    for fact in (
        RecordPullRequest(pull_request=pull_request(at=day(5))),
        RecordPullRequest(pull_request=pull_request(at=day(6), state="merged")),
        RecordCheck(check=check(series="ci", state=CheckState.PASSED, at=day(5))),
        RecordDeployment(deployment=deployment(commit=HEAD, state=DeploymentState.SUCCEEDED, at=day(7))),
    ):
        pull_requests.record(write, fact)
    item_history.add(write, "churn", [Happening(item="1", at=STARTS, sprint=SPRINT, state="open")], STARTS)
    return write


def test_everything_that_is_known_is_in_the_report(known):
    """From runs to deployments."""
    made = reports.make(known, PROJECT, SPRINT, DATES.ends_at)
    assert ["met"] == [each.outcome for each in made.experiments.experiments]
    assert (2, Decimal("1.00"), Decimal("3.00"), 1) == (
        made.usage.total.runs,
        made.usage.total.hours,
        made.usage.total.cost,
        made.usage.total.without_hours,
    )
    assert [("churn", "1", "champion", "r1")] == [
        (each.model, each.version, each.place, each.run.id) for each in made.models.promoted
    ]
    assert ["command"] == [each.cause for each in made.models.retrains]
    assert (1, 1, ("alertmanager/prod", 1)) == (
        made.alerts.received,
        made.alerts.problems,
        made.alerts.noisiest,
    )
    assert (2, timedelta(days=2)) == (len(made.delivery.sprint.deployments), made.delivery.sprint.lead_time)
    assert ((7,), 1, Decimal("100.0")) == (
        made.changes.merged,
        made.changes.judged,
        made.changes.passed_percent,
    )


def test_what_happened_after_now_is_not_looked_at(known):
    """On the second day nothing had happened yet but the experiment's runs, whose past nobody kept."""
    early = reports.make(known, PROJECT, SPRINT, day(2))
    assert (0, 0, None, ()) == (
        early.usage.total.runs,
        early.alerts.received,
        early.delivery.sprint,
        early.models.retrains,
    )
    assert ("", ()) == (early.changes.reason, early.changes.merged)


def test_what_is_kept_no_longer_is_not_known(known):
    """By how long the server keeps it."""
    made = reports.make(known, replace(PROJECT, remembers=timedelta(days=13)), SPRINT, DATES.ends_at)
    assert {"what was told of that time is kept no longer"} == {
        made.models.reason,
        made.delivery.reason,
        made.changes.reason,
    }


def test_a_project_without_code_has_no_pull_requests(known):
    """Its models are known all the same."""
    found = around.find(known, replace(PROJECT, code=None), DATES, DATES.ends_at)
    assert (None, (), {}) == (found.merged, found.builds, found.code.commits)
    assert found.lifecycle.timelines.models
