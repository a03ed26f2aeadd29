"""What stands in a report beside work items: runs, models, alerts and code, in text and for programs."""

import json
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from msgspec.structs import replace

from fakes.code import HEAD, approval, move, pull_request
from fakes.hostile import LINES, TEXTS, infect, list_harms
from fakes.plans import AFTER, POLICY, SPRINT, day, past
from trainboard.alert_figures import AlertHistory
from trainboard.deployments import History as Deployments
from trainboard.deployments import PackagedVersion, make_timelines
from trainboard.policy import Project
from trainboard.rendering.report.markdown import render_report
from trainboard.rendering.report.values import report_values
from trainboard.report.alerts import OpenBug, SprintAlerts
from trainboard.report.around import Around
from trainboard.report.building import History, build
from trainboard.report.models import Lifecycle, Maker
from trainboard.report.retrains import Retrain
from trainboard.spending import Limit, LimitUse
from unit.report import test_alerts, test_changes, test_delivery, test_experiments, test_usage
from unit.report.test_scope import WORKED

QUIET = Around(
    kept_since=day(-76),
    alerts=SprintAlerts(history=AlertHistory(since=SPRINT.starts_at, until=SPRINT.ends_at)),
)
DEPLOYED = Deployments(
    deployments=test_delivery.WORKED,
    pull_requests=test_delivery.MERGED,
    approvals=(approval(at=day(6), environment="production", commit=HEAD, url="https://ci.example.com/a"),),
    versions=(PackagedVersion(model="churn-xgb", version="3", commit=HEAD, at=day(1)),),
    moves=(
        move("2", day(-1), alias="staging"),
        move("3", day(2), alias="staging"),
        move("2", day(3), alias="staging"),
    ),
)
BUDGET = (LimitUse(limit=Limit("gpu_hours", Decimal(20)), used=Decimal("16.5"), percent=82, untold=1),)
FULL = Around(
    kept_since=QUIET.kept_since,
    experiments=(*test_experiments.WORKED[:-1], replace(test_experiments.WORKED[-1], budget=BUDGET)),
    runs=test_usage.WORKED,
    prices=test_usage.PRICES,
    lifecycle=Lifecycle(
        history=DEPLOYED,
        timelines=make_timelines(DEPLOYED, Project(name="churn", tracker="local:churn").is_production),
        makers={
            ("churn-xgb", "3"): Maker(id="r", source="s", name="trial 3", url="https://ml.example.com/3")
        },
        retrains=(
            Retrain(ref="t", at=day(2), cause="drift alert"),
            Retrain(ref="r", at=day(3), cause="schedule"),
        ),
    ),
    alerts=SprintAlerts(
        history=test_alerts.HISTORY,
        is_known=True,
        told={"alertmanager/prod": 7},
        still_open=(OpenBug(problem="b", rule="Slow", title="Alert: Slow", ref="6"),),
        columns=("age", "tenure"),
    ),
    code=test_delivery.CODE,
    merged=(
        test_changes.merged(1, day(2), test_changes.FAILED),
        test_changes.merged(2, day(3), test_changes.PASSED),
    ),
    builds=(test_changes.build(test_changes.PASSED, day(2)), test_changes.build(test_changes.FAILED, day(3))),
)


def report(around, now=AFTER):
    """The report of the worked examples."""
    history = History(project="churn", past=past(*WORKED), known_since=day(-100), around=around)
    return build(history, POLICY, 1, now)


SAID = render_report(report(FULL))


@pytest.mark.parametrize(
    "line",
    [
        "| 0.922 ([t1](https://mlflow.example.com/#/experiments/7/runs/t1)) | +0.2 % | 2, spread 0.005 |",
        "| 2, spread 0.005 | inconclusive | 2 finished |",
        "| -12.0 % | n/a | not met | 1 finished, 1 without a finite value, 1 failed |",
        "| idea | n/a (none is set) | n/a | n/a | n/a | concluded | 1 finished |",
        "| later | `val_auc >= 0.9` | n/a | n/a | n/a | not started | 1 queued |",
        "5 experiments: 1 met, 1 not met, 1 inconclusive, 1 not started. People concluded 1 experiment.",
        "| large | 1 | 12.00 | 28.80 EUR |",
        "| other | 2 | 1.00, without 1 run | n/a (no price for their devices) |",
        "| All | 5 | 16.33, without 1 run | 36.12 EUR, without 2 runs |",
        "| xgb | `gpu_hours <= 20` | 16.5 and 1 run without word of it | 82 %: nearly all |",
        "| `churn-xgb` 3 | registry | `staging` | 2 | [trial 3](https://ml.example.com/3) |",
        "### Models rolled back",
        "- [production](https://ci.example.com/a): `churn-xgb 3`, since 2026-11-14 11:00 UTC",
        "Trained anew 2 times: 1 by drift alert, 1 by schedule.",
        "| Median time to resolve | 4.0 hours |",
        "Most came from `alertmanager/prod`: 7 alerts. Columns that alerts are about: age, tenure.",
        "| Deployments | 4 | 5 |",
        "| Change lead time, median | 1.1 days (3 commits) | 1.1 days (3 commits) |",
        "| Change fail rate | 60 % (3 of 5) | 50 % (3 of 6) |",
        "| Failed deployment recovery, median | 13.5 hours (2 outages) | 13.5 hours (2 outages) |",
        "| Rework rate | 50 % (2 of 4) | 40 % (2 of 5) |",
        "Not in the sprint's lead time: 1 commit deployed no later than told of, 1 commit of unknown time.",
        "- `production` since 2026-11-21 11:00 UTC: [deployment production/e/2111](https://ci.example.com/13)",
        "2 pull requests merged. Failed at first: 1 of 2 whose first build is known.",
        "Builds passed: 50 % (1 of 2).",
        "ended · 1 of 4 experiments met · 1 bug of alerts open",
    ],
)
def test_the_worked_examples_as_people_read_them(line):
    """Each figure with what it is of, and why one is not there."""
    assert line in SAID


def test_what_is_not_known_is_said_to_be_so():
    """With its reason, in each section."""
    said = render_report(report(QUIET))
    for line in (
        "n/a (no experiment had a work item in the sprint)",
        "n/a (no run started in the sprint)",
        "n/a (nobody told of any model)",
        "Nothing was told to be trained anew.",
        "n/a (nobody told of any alert)",
        "n/a (nobody told of a deployment to production)",
        "n/a (the project has no repository)",
    ):
        assert line in said
    said = render_report(report(replace(QUIET, merged=(), runs=test_usage.WORKED[3:4])))
    assert "| other | 1 | n/a (they do not tell their GPUs or times) | n/a (no prices are set) |" in said
    assert (
        "Failed at first: n/a (no build of a first commit is known). Builds passed: n/a (none ended)." in said
    )


def test_what_is_kept_no_longer_is_no_zero():
    """Runs and alerts are kept for longer than what was said of code and models."""
    said = render_report(report(replace(FULL, kept_since=day(2))))
    assert 3 == said.count("n/a (what was told of that time is kept no longer)")
    assert "### Models\n\nn/a (" in said
    assert "| All | 5 | 16.33, without 1 run |" in said
    assert "|  | Sprint | 90 days |" in SAID


def test_a_quiet_sprint_of_production_tells_why_it_has_no_rates():
    """It is known that nothing came."""
    before = Deployments(deployments=test_delivery.WORKED[:1])
    timelines = make_timelines(before, Project(name="churn", tracker="local:churn").is_production)
    said = render_report(report(replace(QUIET, lifecycle=Lifecycle(history=before, timelines=timelines))))
    assert "| Deployments | 0 | 1 |" in said
    assert "| Change fail rate | n/a (no change was deployed) | 0 % (0 of 1) |" in said
    assert "| Failed deployment recovery, median | n/a (none ended) |" in said


def test_a_report_that_nobody_looked_around_for_has_no_such_sections():
    """And one under way counts what goes on."""
    assert "### Experiments" not in render_report(report(None))
    going = test_usage.ran("g", day(2), status="running", gpus=1)
    assert "1 run not over, counted as far as known." in render_report(
        report(replace(QUIET, runs=(going,)), day(4))
    )


def test_a_program_reads_the_same_figures_with_what_is_behind_them():
    """Money and hours as text, which is exact."""
    values = json.loads(msgspec.json.encode(report_values(report(FULL))))
    assert ["xgb", "tree", "fast", "idea", "later"] == [
        each["name"] for each in values["experiments"]["experiments"]
    ]
    assert ("36.12", "16.33") == (values["usage"]["total"]["cost"], values["usage"]["total"]["hours"])
    assert "staging@2026-11-10T11:00:00+00:00" == values["models"]["promoted"][0]["ref"]
    assert [1, 2] == values["changes"]["merged"]
    assert "60.0" == values["delivery"]["sprint"]["change_fail_percent"]
    assert "b" == values["alerts"]["still_open"][0]["problem"]


def test_long_lists_are_cut_and_say_so():
    """A report has to fit into a work item."""
    experiments = tuple(replace(test_experiments.WORKED[1], name=f"e{n}") for n in range(30))
    runs = tuple(test_usage.ran("a", day(2), f"e{n}", gpus=1) for n in range(30))
    bugs = tuple(OpenBug(problem=str(n), rule="Slow") for n in range(12))
    moves = tuple(move(str(n), day(2) + timedelta(minutes=n)) for n in range(30))
    outages = tuple(
        replace(test_delivery.WORKED[6], ref=str(n), environment=f"prod-{n}", code="x") for n in range(12)
    )
    waiting = tuple(approval(ref=str(n), at=day(2), environment="e") for n in range(12))
    history = Deployments(deployments=outages, approvals=waiting, moves=moves, versions=DEPLOYED.versions)
    around = Around(
        kept_since=QUIET.kept_since,
        experiments=experiments,
        runs=runs,
        alerts=SprintAlerts(
            history=test_alerts.HISTORY, is_known=True, still_open=bugs, columns=tuple("abcdefghijkl")
        ),
        lifecycle=Lifecycle(history=history, timelines=make_timelines(history, lambda _: True)),
        merged=(test_changes.merged(1, day(2)),),
    )
    said = render_report(report(around))
    for line in (
        "5 more experiments not shown.",
        "| All, with 5 more experiments | 30 |",
        "5 more not shown.",
        "- and 2 more",
        "j and 2 more.",
    ):
        assert line in said


def infected(text):
    """The report with this in all its texts, but for the time zone and for what we say ourselves."""
    known = report(FULL)
    full = infect(known, text)
    ours = {name: replace(getattr(full, name), reason="") for name in ("models", "delivery", "changes")}
    sprint = replace(full.sprint, timezone=known.sprint.timezone)
    return render_report(replace(full, sprint=sprint, **ours))


@given(text=TEXTS)
def test_nothing_in_it_does_anything(text):
    """Whatever stands in all texts of all that is shown."""
    assert [] == list_harms(infected(text))


@pytest.mark.parametrize("text", LINES)
def test_no_line_of_it_commands_anybody(text):
    """Names of experiments, models, columns, environments and sources are people's."""
    assert [] == list_harms(infected(text))


def test_a_pull_request_is_linked_by_its_number():
    """Where its address is known."""
    request = pull_request(state="merged", at=day(2))
    history = replace(DEPLOYED, pull_requests=(request,))
    timelines = make_timelines(history, lambda _: False)
    known = replace(FULL, lifecycle=Lifecycle(history=history, timelines=timelines))
    assert f"[7]({request.url})" in render_report(report(known))
