"""Experiments of a sprint with their runs, as the store knows them."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.board import NOW, SPRINT, experiment, finished, registered, trained
from fakes.experiments import START, run
from trainboard.facts import RecordRun
from trainboard.report.models import Maker
from trainboard.store import experiment_history, runs


def started(connection, id_, at, *, project="churn", planned=False):
    """A run that started then."""
    report = run(id_)
    report = replace(report, run=replace(report.run, started_at=at, ended_at=at + timedelta(hours=1)))
    runs.record(connection, RecordRun(project=project, number=SPRINT, planned=planned, at=NOW, report=report))


def test_an_experiment_is_known_with_its_targets_and_runs(write):
    """Those that people wrote into its item, and the runs of its sprints up to this one."""
    experiment(write, reports=[finished("r1", 0.9)], targets="val_auc >= 0.92", sprints=(SPRINT, SPRINT + 1))
    trained(write, "churn-xgb", finished("r0", 0.8), number=SPRINT)
    trained(write, "churn-xgb", finished("r9", 0.8), number=SPRINT - 1)
    trained(write, "churn-other", finished("o", 0.8), number=SPRINT)

    [now] = experiment_history.list_tracked(write, "churn", SPRINT)
    assert ("churn-xgb", "1", "/items/1", False) == (now.name, now.ref, now.url, now.is_closed)
    assert ["val_auc >= 0.92"] == [str(each.target) for each in now.judged]
    assert ["r0"] == [each.run.id for each in now.runs]
    [later] = experiment_history.list_tracked(write, "churn", SPRINT + 1)
    assert ["r1", "r0"] == [each.run.id for each in later.runs]


def test_other_projects_and_sprints_are_left_out(write):
    """A closed item says so; one without runs is there all the same."""
    experiment(write, state="closed")
    experiment(write, ref="2", project="ranking", reports=[run("theirs")])

    [found] = experiment_history.list_tracked(write, "churn", SPRINT)
    assert (True, (), ()) == (found.is_closed, found.judged, found.runs)
    assert () == experiment_history.list_tracked(write, "churn", SPRINT + 1)


def test_runs_that_started_in_the_time_are_found(write):
    """Planned or not; the time is half open."""
    started(write, "early", START - timedelta(microseconds=1))
    started(write, "first", START)
    started(write, "last", START + timedelta(days=1, microseconds=-1), planned=True)
    started(write, "late", START + timedelta(days=1))
    started(write, "theirs", START, project="ranking")

    found = experiment_history.list_started(write, "churn", START, START + timedelta(days=1))
    assert ["first", "last"] == [each.run.id for each in found]


def test_the_makers_of_versions_are_known(write):
    """With what people call the run; a version of an unknown run has none."""
    experiment(write, reports=[run("r1", name="trial 1")])
    registered(write, "churn", "1", "r1")
    registered(write, "churn", "2", "gone")

    made = Maker(
        id="r1",
        source="mlflow:main",
        name="trial 1",
        url="https://mlflow.example.com/#/experiments/7/runs/r1",
    )
    assert {("churn", "1"): made} == experiment_history.find_makers(write, "churn")
    assert {} == experiment_history.find_makers(write, "ranking")
