"""What happens to an experiment seldom enough that people are told."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from fakes.experiments import START, run, view
from fakes.pull_requests import deployment
from trainboard.deployments import Environment, Step
from trainboard.experiment_view import ModelVersion
from trainboard.metrics import judge
from trainboard.milestones import (
    BudgetUsed,
    ExperimentEnded,
    NamedRun,
    RunsFailed,
    SweepEnded,
    TargetLost,
    TargetMet,
    VersionPlaced,
    VersionRegistered,
    find_news,
)
from trainboard.plans import PlanWord
from trainboard.runs import Group
from trainboard.spending import Limit, LimitUse
from trainboard.targets import parse_targets

TARGET = "auc >= 0.9"
GOOD, BAD = run("good", metrics={"auc": 0.95}, name="deep"), run("bad", metrics={"auc": 0.5})
DEEP = NamedRun(name="deep", url="https://mlflow.example.com/#/experiments/7/runs/good")
MET = TargetMet(target=TARGET, value=0.95, run=DEEP)


def told(known, before=()):
    """What is news of the view."""
    return list(find_news(known, before).told)


def told_in_turn(*views):
    """What is news of each of the views, one after the other."""
    known, news = frozenset(), []
    for each in views:
        found = find_news(each, known)
        known = found.known
        news.append(list(found.told))
    return news


def test_a_target_is_told_when_it_is_met_and_when_it_is_lost():
    """And when it is met again; not what stays as it is."""
    met, lost = view([BAD, GOOD], TARGET), view([BAD], TARGET)
    assert [[MET], [], [TargetLost(target=TARGET, value=0.5)], [], [MET]] == told_in_turn(
        met, met, lost, lost, met
    )


def test_of_a_guard_rail_only_its_loss_is_told():
    """That it holds is what people expect."""
    rail = [replace(target, is_guard_rail=True) for target in parse_targets(TARGET)]
    held, lost = (replace(view(runs), judgements=judge(rail, runs)) for runs in ([GOOD], [BAD]))
    assert [[], [TargetLost(target=TARGET, value=0.5, is_guard_rail=True)]] == told_in_turn(held, lost)


def test_a_target_that_people_took_away_is_not_lost():
    """Neither is one that they made another."""
    assert [] == told_in_turn(view([GOOD], TARGET), view([GOOD]), view([GOOD], "auc >= 0.99"))[2]


def test_a_target_without_a_verdict_is_not_lost():
    """Only a run that ended can lose it."""
    assert [] == told(view([run("r", "running")], TARGET), {f"met:{TARGET}"})


def failing(*statuses):
    """Runs that ended one after the other."""
    error = {"type": "OutOfMemoryError", "message": "batch of 4,096"}
    return view(
        run(str(i), status, minutes=i, error=error if status == "failed" else None)
        for i, status in enumerate(statuses)
    )


LAST = NamedRun(name="2", url="https://mlflow.example.com/#/experiments/7/runs/2")
FAILING = RunsFailed(run=LAST, reason="OutOfMemoryError batch of 4,096")


@pytest.mark.parametrize(
    ("statuses", "news"),
    [
        (("failed", "failed", "failed"), [FAILING]),
        (("failed", "failed"), []),
        (("failed", "failed", "finished"), []),
        (("failed", "failed", "killed", "failed"), 1),
        (("failed", "failed", "running", "failed"), 1),
        (("finished", "failed", "failed"), []),
    ],
)
def test_three_runs_that_fail_one_after_the_other_are_told(statuses, news):
    """Those that somebody stopped, or that go on, say nothing."""
    found = told(failing(*statuses))
    assert news in (found, len(found))


def test_a_streak_is_told_once_and_the_next_one_again():
    """Whatever its length."""
    three = ("failed",) * 3
    news = told_in_turn(
        failing(*three), failing(*three, "failed"), failing(*three, "finished"), failing("finished", *three)
    )
    assert [1, 0, 0, 1] == [len(each) for each in news]


def sweep(*statuses, planned=UNSET, parent=None):
    """A sweep with these runs, and what is told of its own."""
    group = Group(id="s", planned=planned, name="depth")
    children = [run(f"c{i}", status, sweep=group) for i, status in enumerate(statuses)]
    return view([*children, *([run("s", parent, name="tune")] if parent else [])])


ENDED = SweepEnded(sweep="mlflow:main/s", name=NamedRun(name="depth"), runs=2, failed=1)


@pytest.mark.parametrize(
    ("known", "news"),
    [
        (sweep("finished", "failed", planned=2), [ENDED]),
        (sweep("finished", "failed", planned=3), []),
        (sweep("finished", "running", planned=2), []),
        (sweep("finished", "failed"), []),
        (sweep("finished", "failed", parent="running"), []),
    ],
)
def test_a_sweep_is_told_when_all_of_its_runs_ended(known, news):
    """Where nobody says how many they are, only its own run tells that no more come."""
    assert news == told(known)


def test_a_sweep_whose_own_run_ended_has_that_runs_name():
    """With its address."""
    [ended] = told(sweep("finished", "finished", parent="finished"))
    assert ("tune", 2, 0) == (ended.name.name, ended.runs, ended.failed)


def test_a_sweep_is_told_once():
    """Also if somebody adds a run to it."""
    more = sweep("finished", "failed", "running", planned=2)
    ended = sweep("finished", "failed", "finished", planned=2)
    assert [] == told_in_turn(sweep("finished", "failed", planned=2), more, ended)[2]


def used(percent):
    """So much of the budget is used."""
    limit = Limit("until", day=date(2026, 3, 15))
    amount = None if percent is None else Decimal(1)
    return replace(view(), usage=(LimitUse(limit=limit, used=amount, percent=percent),))


@pytest.mark.parametrize(
    ("percent", "level"), [(None, None), (79, None), (80, 80), (99, 80), (100, 100), (140, 100)]
)
def test_a_budget_is_told_at_80_and_at_100_percent(percent, level):
    """Not where nobody tells what is used."""
    expected = [BudgetUsed(limit="until 2026-03-15", level=level, percent=percent)] if level else []
    assert expected == told(used(percent))


def test_each_level_of_a_budget_is_told_once():
    """In between it is silent."""
    news = told_in_turn(*map(used, (80, 90, 100, 120)))
    assert [[80], [], [100], []] == [[each.level for each in told_now] for told_now in news]


def version(state=None, number="7", *, production=False):
    """A version that a run made, and where it stands."""
    deployed = deployment("x", state or "succeeded", url="https://ml.example.com/x")
    place = (
        Environment(name="champion", is_production=production, kind="alias"),
        Step(deployment=deployed, state=deployed.state, at=deployed.at),
    )
    return ModelVersion(name="churn", version=number, run_id="good", places=(place,) if state else ())


REGISTERED = VersionRegistered(model="churn", version="7", run=DEEP)
PLACED = VersionPlaced(
    model="churn", version="7", place="champion", is_production=True, url="https://ml.example.com/x"
)


def test_a_version_is_told_when_it_is_made_and_when_it_comes_into_use():
    """Each once, also if it goes and comes back."""
    placed = view([GOOD], models=(version("succeeded", production=True),))
    gone = view([GOOD], models=(version("rolled back", production=True),))
    assert [[REGISTERED], [PLACED], [], []] == told_in_turn(
        view([GOOD], models=(version(),)), placed, gone, placed
    )


def test_a_version_of_an_unknown_run_has_none():
    """It was made before the bot looked."""
    assert [VersionRegistered(model="churn", version="7", run=None)] == told(view(models=(version(),)))


def ended(by):
    word = PlanWord(
        subject="conclusion", value="concluded", reason="conclude when targets met", by=by, at=START
    )
    return find_news(view([], conclusion=word), ())


def test_that_a_rule_ended_it_is_told():
    """What somebody said in a comment of their own needs none of ours."""
    [told] = ended("").told
    assert ExperimentEnded(rule="conclude when targets met", has_result=True) == told
    assert () == ended("ana").told
