"""A job that says which run of a tracker it is."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from trainboard.counterparts import Counterpart, combine, find_counterpart
from trainboard.runs import (
    MOST_METRICS,
    Cost,
    ExperimentName,
    Group,
    Links,
    RunFacts,
    RunFailure,
    RunReport,
    RunStatus,
)

A, B = "a" * 40, "b" * 40


def job(run_id="9/train", **said):
    """What a job of GitHub Actions says; its status is that of the job."""
    facts = said.pop("run", {})
    return RunReport(
        source="gha:acme/churn",
        run=RunFacts(id=run_id, status=RunStatus(said.pop("status", "finished")), **facts),
        experiment=ExperimentName(name="ci"),
        **said,
    )


def kept(**said):
    """What MLflow says of its run."""
    return replace(
        job("x1", status=said.pop("status", "running"), run=said.pop("run", {})),
        source="mlflow:prod",
        experiment=ExperimentName(name="churn"),
        stage="train",
        **said,
    )


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ({"mlflow.run_id": "0a1b"}, Counterpart("mlflow", "0a1b")),
        ({"wandb.run_id": "run-1.2_c"}, Counterpart("wandb", "run-1.2_c")),
        ({"mlflow.run_id": "../x", "wandb.run_id": "y"}, Counterpart("wandb", "y")),
        ({"mlflow.run_id": ""}, None),
        ({"mlflow.run_id": "a/b"}, None),
        ({"mlflow.run_id": "a?b=c"}, None),
        ({"mlflow.run_id": "a\nb"}, None),
        ({"mlflow.run_id": "a\n"}, None),
        ({"mlflow.run_id": ".."}, None),
        ({"mlflow.run_id": "a" * 257}, None),
        ({"mlflow.run_id": "\u0661"}, None),
        ({"run_id": "a"}, None),
        (UNSET, None),
    ],
)
def test_a_tag_names_the_run(tags, named):
    """An id that no tracker gives is none."""
    assert named == find_counterpart(job(tags=tags))


def test_a_tracker_names_no_run_of_another():
    """What it tells is its own run."""
    assert find_counterpart(kept(tags={"wandb.run_id": "y"})) is None


def test_the_tracker_is_believed_of_its_run():
    """Status, numbers and parameters are its own; the job adds what it does not say."""
    told = job(
        run={"user": "ana", "name": "ci", "attempt": 2, "error": RunFailure(message="no")},
        status="failed",
        metrics={"auc": 0.1, "tests/total": 4.0},
        params={"lr": "1", "seed": "7"},
        tags={"team": "ml"},
        cost=Cost(gpu_seconds=60.0),
        stage="retrain",
    )
    run = kept(run={"name": "owl"}, metrics={"auc": 0.9}, params={"lr": "2"})
    assert replace(
        run,
        run=replace(run.run, user="ana"),
        metrics={"auc": 0.9, "tests/total": 4.0},
        params={"lr": "2", "seed": "7"},
        tags={"team": "ml"},
        cost=Cost(gpu_seconds=60.0),
        stage="retrain",
    ) == combine(run, [told])


def test_of_a_run_that_failed_the_job_may_say_why():
    """MLflow does not know."""
    error = RunFailure(message="out of memory")
    assert error == combine(kept(status="failed"), [job(run={"error": error})]).run.error


def test_the_group_of_a_job_is_that_of_its_run():
    """Unless the tracker knows a sweep itself."""
    mine, its = Group(id="s1"), Group(id="parent")
    assert mine == combine(kept(), [job(run={"group": mine})]).run.group
    assert its == combine(kept(run={"group": its}), [job(run={"group": mine})]).run.group


def test_the_job_knows_the_code():
    """Its links stand above those of the tracker, which keeps what the job does not say."""
    run = kept(links=Links(repo="me/fork", commit=A, branch="old", dirty=True, issue="#4"))
    told = job(links=Links(repo="acme/churn", commit=B, branch="main", pr=7))
    assert (
        Links(repo="acme/churn", commit=B, branch="main", pr=7, dirty=True, issue="#4")
        == combine(run, [told]).links
    )
    assert told.links == combine(kept(), [told]).links
    assert run.links == combine(run, [job()]).links


@pytest.mark.parametrize(("mine", "its"), [(True, False), (False, True), (True, UNSET), (UNSET, True)])
def test_a_tree_is_dirty_if_anybody_found_it_so(mine, its):
    """What is no commit is no evidence, whoever looked."""
    told = job(links=Links(commit=A, dirty=its))
    assert combine(kept(links=Links(dirty=mine)), [told]).links.dirty is True


def test_jobs_that_differ_attest_nothing():
    """Whoever named the run of somebody else would else take it to another commit."""
    one, other = job("1", links=Links(commit=A)), job("2", links=Links(commit=B))
    for run in (kept(), kept(links=Links(commit=A))):
        assert run.links == combine(run, [one, other]).links


def test_jobs_that_agree_are_joined():
    """One that trains and one that evaluates tell of one run."""
    one = job("1", links=Links(commit=A, branch="main"), metrics={"a": 1.0})
    other = job("2", links=Links(commit=A, pr=7), metrics={"b": 2.0})
    both = combine(kept(), [one, other])
    assert (Links(commit=A, branch="main", pr=7), {"a": 1.0, "b": 2.0}) == (both.links, both.metrics)


def test_what_is_too_much_is_the_job_s():
    """A run holds as many metrics as a report may."""
    mine = {f"m{n}": 1.0 for n in range(MOST_METRICS)}
    assert mine == combine(kept(metrics=mine), [job(metrics={"more": 1.0})]).metrics
