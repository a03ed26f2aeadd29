"""What the store knows of how commits were deployed."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.code import CODE, HEAD, NOW, approval, check, deployment, pull_request
from fakes.experiments import run
from trainboard.deployments import History, PackagedVersion
from trainboard.facts import (
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordModel,
    RecordPullRequest,
    RecordRun,
)
from trainboard.pull_requests import CheckState, DeploymentState
from trainboard.runs import Links
from trainboard.store import deployment_history, pull_requests, runs

LATER = NOW + timedelta(minutes=5)
DEPLOYED = deployment(commit=HEAD, state=DeploymentState.SUCCEEDED)


def told(connection, *facts):
    """Record what senders said of the code."""
    for fact in facts:
        pull_requests.record(connection, fact)


def registered(connection, model, number, *, alias=None, project="churn", **links):
    """A run of that code made a version of the model."""
    report = replace(run(f"{model}-{number}"), links=Links(**links))
    runs.record(connection, RecordRun(project=project, number=1, planned=True, at=NOW, report=report))
    runs.record_model(
        connection,
        RecordModel(
            project=project, model=model, version=number, at=NOW, run_id=f"{model}-{number}", alias=alias
        ),
    )


def test_nothing_is_known_of_another_repository(write):
    """Each has its own history."""
    told(write, RecordDeployment(deployment=DEPLOYED))

    assert History() == deployment_history.find(write, "churn", "github:acme/other")


def test_a_deployment_is_found_with_what_is_known_of_its_commit(write):
    """Merged pull requests by merge commit or head, in whatever letters the code is written."""
    merged = pull_request(state="merged", merged_as=HEAD, head="b" * 40)
    by_head = pull_request(number=8, state="merged", merged_as="c" * 40)
    others = (pull_request(number=9), pull_request(number=10, state="merged", head="d" * 40))
    told(
        write,
        RecordDeployment(deployment=DEPLOYED),
        *(RecordPullRequest(pull_request=each) for each in (merged, by_head, *others)),
    )

    found = deployment_history.find(write, "churn", CODE.upper())
    assert (DEPLOYED,) == found.deployments
    assert {7, 8} == {each.number for each in found.pull_requests}


def test_an_approval_that_nobody_gave_has_timed_out(write):
    """When its run has ended."""
    waiting, given = approval(run="17", commit=HEAD), approval(ref="2", state="approved")
    told(write, RecordApproval(approval=given))
    assert (given,) == deployment_history.find(write, "churn", CODE).approvals

    ended = check(name="cd", series="cd", run=17, state=CheckState.FAILED, at=LATER)
    told(write, RecordApproval(approval=waiting), RecordCheck(check=ended))

    found = deployment_history.find(write, "churn", CODE).approvals
    assert {"1": "timed out", "2": "approved"} == {each.ref: each.state for each in found}


def test_the_versions_are_those_of_deployed_commits(write):
    """Of runs of this repository with a clean tree, and of this project."""
    told(write, RecordDeployment(deployment=DEPLOYED))
    registered(write, "churn-xgb", "3", commit=HEAD, repo="Acme/Churn", alias="champion")
    registered(write, "churn-xgb", "4", commit="b" * 40)
    registered(write, "dirty", "1", commit=HEAD, dirty=True)
    registered(write, "foreign", "1", commit=HEAD, repo="acme/other")
    registered(write, "unknown", "1", branch="main")
    registered(write, "ranking", "1", commit=HEAD, project="ranking")

    expected = PackagedVersion(model="churn-xgb", version="3", commit=HEAD, at=NOW, aliases=("champion",))
    assert (expected,) == deployment_history.find(write, "churn", CODE).versions


def test_an_approval_alone_leads_to_the_versions(write, monkeypatch):
    """What waits is on its way too; only the latest versions are looked through."""
    told(write, RecordApproval(approval=approval(commit=HEAD)))
    registered(write, "a", "1", commit=HEAD)
    registered(write, "b", "1", commit=HEAD)
    monkeypatch.setattr(deployment_history, "MAX_VERSIONS", 1)

    assert ["a"] == [each.model for each in deployment_history.find(write, "churn", CODE).versions]
