"""What the store knows of how commits were deployed."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.code import CODE, HEAD, NOW, approval, check, deployment, move, pull_request, serving
from fakes.experiments import run
from trainboard.deployments import History
from trainboard.facts import (
    RecordAlias,
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordModel,
    RecordPullRequest,
    RecordRun,
    RecordServing,
)
from trainboard.pull_requests import CheckState, DeploymentState
from trainboard.runs import Links
from trainboard.store import contained_commits, deployment_history, pull_requests, runs, servings

LATER = NOW + timedelta(minutes=5)
DEPLOYED = deployment(commit=HEAD, state=DeploymentState.SUCCEEDED)


def told(connection, *facts):
    """Record what senders said of the code."""
    for fact in facts:
        pull_requests.record(connection, fact)


def registered(connection, model, number, *, project="churn", **links):
    """A run of that code made a version of the model."""
    report = replace(run(f"{model}-{number}"), links=Links(**links))
    runs.record(connection, RecordRun(project=project, number=1, planned=True, at=NOW, report=report))
    runs.record_model(
        connection,
        RecordModel(project=project, model=model, version=number, at=NOW, run_id=f"{model}-{number}"),
    )


def test_nothing_is_known_of_another_repository(write):
    """Each has its own history."""
    told(write, RecordDeployment(deployment=DEPLOYED))

    assert History() == deployment_history.find(write, "churn", "github:acme/other", LATER)


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

    found = deployment_history.find(write, "churn", CODE.upper(), LATER)
    assert (DEPLOYED,) == found.deployments
    assert {7, 8} == {each.number for each in found.pull_requests}


def test_an_approval_that_nobody_gave_has_timed_out(write):
    """When its run has ended."""
    waiting, given = approval(run="17", commit=HEAD), approval(ref="2", state="approved")
    told(write, RecordApproval(approval=given))
    assert (given,) == deployment_history.find(write, "churn", CODE, LATER).approvals

    ended = check(name="cd", series="cd", run=17, state=CheckState.FAILED, at=LATER)
    told(write, RecordApproval(approval=waiting), RecordCheck(check=ended))

    found = deployment_history.find(write, "churn", CODE, LATER).approvals
    assert {"1": "timed out", "2": "approved"} == {each.ref: each.state for each in found}


def test_a_version_is_known_with_the_commit_of_its_run(write):
    """Of a run of this repository with a clean tree; without one it is a version all the same."""
    registered(write, "churn-xgb", "3", commit=HEAD, repo="Acme/Churn")
    registered(write, "dirty", "1", commit=HEAD, dirty=True)
    registered(write, "foreign", "1", commit=HEAD, repo="acme/other")
    registered(write, "unknown", "1", branch="main")
    registered(write, "ranking", "1", commit=HEAD, project="ranking")
    lone = RecordModel(project="churn", model="lone", version="1", at=NOW)
    runs.record_model(write, lone)

    expected = {"churn-xgb": HEAD, "dirty": None, "foreign": None, "unknown": None, "lone": None}
    found = deployment_history.find(write, "churn", CODE, LATER).versions
    assert expected == {each.model: each.commit for each in found}
    assert {NOW} == {each.at for each in found}


def test_only_the_latest_versions_are_looked_through(write, monkeypatch):
    """By when they were made, and by name."""
    registered(write, "a", "1", commit=HEAD)
    registered(write, "b", "1", commit=HEAD)
    monkeypatch.setattr(deployment_history, "MAX_VERSIONS", 1)

    assert ["a"] == [each.model for each in deployment_history.find(write, "churn", CODE, LATER).versions]


def test_the_pull_requests_of_served_versions_are_known(write):
    """Also where their commits were never deployed by a platform, and where there is no code to speak of."""
    told(write, RecordPullRequest(pull_request=pull_request(state="merged", merged_as="c" * 40)))
    registered(write, "churn-xgb", "3", commit=HEAD)
    servings.record(write, RecordServing(project="churn", serving=serving()))
    servings.record(write, RecordAlias(project="churn", move=move()))

    found = deployment_history.find(write, "churn", CODE, LATER)
    assert ([7], (serving(),), (move(),)) == (
        [each.number for each in found.pull_requests],
        found.servings,
        found.moves,
    )
    without = deployment_history.find(write, "churn", None, LATER)
    assert ((), (serving(),)) == (without.pull_requests, without.servings)


def test_what_came_along_with_a_later_commit_is_known(write):
    """As far as the platform was asked."""
    told(
        write,
        RecordPullRequest(pull_request=pull_request(state="merged", merged_as="c" * 40)),
        RecordDeployment(deployment=replace(DEPLOYED, commit="e" * 40)),
    )
    contained_commits.note(write, CODE, {"c" * 40}, "e" * 40, NOW, contained=True)
    contained_commits.note(write, CODE, {"d" * 40}, "e" * 40, NOW, contained=False)

    found = deployment_history.find(write, "churn", CODE, LATER)
    assert ({"e" * 40: {"c" * 40}}, [7]) == (found.contained, [each.number for each in found.pull_requests])


def test_what_waits_for_ever_is_without_news(write):
    """A deployment as well as a version on its way to an endpoint."""
    told(write, RecordDeployment(deployment=deployment(state=DeploymentState.WAITING)))
    going = serving(state=DeploymentState.RUNNING)
    servings.record(write, RecordServing(project="churn", serving=going))
    later = NOW + timedelta(days=30)

    found = deployment_history.find(write, "churn", CODE, later)
    assert [DeploymentState.SILENT] * 2 == [each.state for each in (*found.deployments, *found.servings)]
    before = deployment_history.find(write, "churn", CODE, NOW)
    assert ((going,), "waiting") == (before.servings, before.deployments[0].state)
