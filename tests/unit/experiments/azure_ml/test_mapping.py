"""What Azure notes of a run, in its place in the report."""

import msgspec
import pytest
from msgspec import UNSET

from fakes.azure_ml import WORKSPACE
from fakes.mlflow import a_run
from trainboard.experiments.azure_ml.mapping import parse_run
from trainboard.experiments.azure_ml.words import translate
from trainboard.experiments.mlflow.answers import Run
from trainboard.runs import Group, Links, RunStatus, list_working, merge

COMMIT = "4d2b93784676893f8e346d5f0b9fb894a9cf0742"
GIT = {
    "azureml.git.repository_uri": "git@ssh.dev.azure.com:v3/acme/churn/model",
    "azureml.git.branch": "exp/42",
    "azureml.git.commit": COMMIT,
    "azureml.git.dirty": "True",
}
STEP = {
    "azureml.runsource": "azureml.StepRun",
    "azureml.nodeid": "254c70df",
    "azureml.pipelinerunid": "p1",
    "mlflow.parentRunId": "p1",
}


def read(run_id="r1", **facts):
    return translate(msgspec.convert(a_run(run_id, **facts), Run))


def report(run, parent=None):
    return parse_run(WORKSPACE, "churn-eu", run, parent)


def test_git_of_azure():
    """Commit, branch, repository and whether the tree was dirty, which Azure writes as Python does."""
    links = report(read(tags=GIT)).links
    assert Links(repo="acme/churn/model", commit=COMMIT, branch="exp/42", dirty=True) == links


def test_git_of_mlflow_goes_before():
    """Where both are told, what the training itself logged counts."""
    tags = GIT | {"mlflow.source.git.commit": "abcdef1", "plan.repo": "acme/churn"}
    links = report(read(tags=tags)).links
    assert ("abcdef1", "acme/churn", "exp/42") == (links.commit, links.repo, links.branch)


def test_tags_of_the_service_are_no_tags_of_people():
    """Only what somebody wrote is shown; nobody passes for a step by a tag of ours."""
    tags = {"team": "growth", "azureml.nodeid": "1", "_azureml.ComputeTargetType": "batchai"}
    mapped = report(read(tags=tags | {"trainboard.step": "true"}))
    assert {"team": "growth"} == mapped.tags
    assert "r1" == mapped.run.id


@pytest.mark.parametrize(("tags", "user"), [({"mlflow.user": "Ada"}, "Ada"), ({}, "8b5c")])
def test_users_have_names(tags, user):
    """The id of a person is shown only where no name is told."""
    assert user == report(read(user_id="8b5c", tags=tags)).run.user


@pytest.mark.parametrize(
    ("status", "means"),
    [
        ("SCHEDULED", "queued"),
        ("RUNNING", "running"),
        ("FINISHED", "finished"),
        ("FAILED", "failed"),
        ("KILLED", "killed"),
    ],
)
def test_states(status, means):
    """Azure tells its own in those of MLflow."""
    assert means == report(read(status=status)).run.status


def test_trials_are_a_sweep():
    """A run with a parent is a member of what the parent stands for."""
    parent = read("p1", run_name="grid")
    trial = report(read("p1_7", tags={"mlflow.parentRunId": "p1", "mlflow.rootRunId": "p1"}), parent)
    assert Group(id="p1", kind="sweep", name="grid") == trial.run.group
    assert [trial] == list_working([report(parent), trial])


def test_a_step_is_no_run():
    """What it measured counts for the pipeline, as which it is told."""
    pipeline = read("p1", status="RUNNING", run_name="nightly", start_time=1_000)
    told = report(read("s1", tags=STEP, metrics={"auc": 0.9}, params={"depth": "7"}), pipeline)
    assert ("p1", RunStatus.RUNNING, "nightly") == (told.run.id, told.run.status, told.run.name)
    assert ({"auc": 0.9}, UNSET, UNSET) == (told.metrics, told.params, told.run.group)
    assert WORKSPACE.page_of_run("p1") == told.run.url


def test_steps_and_pipeline_are_merged_in_any_order():
    """Neither takes from the pipeline what another said."""
    pipeline = read("p1", status="FINISHED", start_time=1_000, end_time=9_000, tags=GIT, metrics={"cost": 3})
    whole = report(pipeline)
    early = report(
        read("s1", tags=STEP, metrics={"auc": 0.9}), read("p1", status="RUNNING", start_time=1_000)
    )
    late = report(read("s2", tags=STEP, metrics={"loss": 0.1}), pipeline)
    one = merge(merge(whole, early), late)
    other = merge(merge(late, whole), early)
    assert {"cost": 3.0, "auc": 0.9, "loss": 0.1} == one.metrics == other.metrics
    assert (RunStatus.FINISHED, whole.run, whole.links) == (one.run.status, one.run, one.links)
    assert (other.run, other.links) == (one.run, one.links)


@pytest.mark.parametrize(
    "tags",
    [
        STEP,
        {"azureml.runsource": "azureml.ReusedStepRun", "mlflow.parentRunId": "p1"},
        {"azureml.nodeid": "1", "azureml.pipelinerunid": "p1"},
    ],
)
def test_a_step_without_news_for_its_pipeline_is_left_out(tags):
    """Where it measured nothing, or nobody knows the pipeline."""
    assert None is report(read("s1", tags=tags), read("p1"))
    assert None is report(read("s1", tags=tags, metrics={"auc": 0.9}), None)


def test_a_step_of_a_step_belongs_to_the_whole():
    """A pipeline within a pipeline is a step; what is in it counts for the outermost one."""
    tags = STEP | {"azureml.rootpipelinerunid": "root", "mlflow.parentRunId": "s1"}
    assert "root" == read("s2", tags=tags).tags["mlflow.parentRunId"]
