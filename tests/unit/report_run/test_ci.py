"""What a job knows of itself."""

import json

import pytest

from trainboard.report_run.ci import Job, find_job

HEAD, MERGE = "a" * 40, "b" * 40
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "acme/churn",
    "GITHUB_RUN_ID": "9120447",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_JOB": "train",
    "GITHUB_SHA": MERGE,
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_NAME": "main",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_ACTOR": "ana",
}
AZURE = {
    "TF_BUILD": "True",
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
    "SYSTEM_TEAMPROJECT": "Churn ML",
    "SYSTEM_STAGENAME": "__default",
    "SYSTEM_PHASENAME": "Train",
    "SYSTEM_JOBNAME": "Train",
    "SYSTEM_JOBATTEMPT": "1",
    "BUILD_BUILDID": "812",
    "BUILD_REPOSITORY_PROVIDER": "TfsGit",
    "BUILD_REPOSITORY_NAME": "churn",
    "BUILD_SOURCEVERSION": MERGE,
    "BUILD_SOURCEBRANCH": "refs/heads/main",
    "BUILD_REQUESTEDFOR": "Ana",
}


def test_a_job_of_github_is_known():
    """Run, attempt, commit, branch and page come from its variables."""
    assert Job(
        source="gha:acme/churn",
        run_id="9120447/train",
        attempt=2,
        user="ana",
        repo="acme/churn",
        commit=MERGE,
        branch="main",
        ci_url="https://github.com/acme/churn/actions/runs/9120447/attempts/2",
    ) == find_job(GITHUB)


def test_a_pull_request_of_github_is_trained_at_its_head(tmp_path):
    """The merge that GitHub tries is nobody's commit: the event names the head."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"sha": HEAD}}}))
    pull_request = {
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_REF_NAME": "7/merge",
        "GITHUB_HEAD_REF": "deeper",
    }
    job = find_job(GITHUB | pull_request | {"GITHUB_EVENT_PATH": str(event)})
    assert (HEAD, "deeper", 7) == (job.commit, job.branch, job.pr)


@pytest.mark.parametrize("event", [b"", b"[1]", b"{", b"\xff", b'{"pull_request": 1}', b"[" * 100_000, None])
def test_a_broken_event_is_passed_over(tmp_path, event):
    """What the event does not tell is taken from the variables."""
    path = tmp_path / "event.json"
    if event is not None:
        path.write_bytes(event)
    pull_request = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_EVENT_PATH": str(path)}
    assert MERGE == find_job(GITHUB | pull_request).commit


def test_a_job_of_azure_pipelines_is_known():
    """Run, commit, branch and page come from its variables."""
    assert Job(
        source="ado:acme/Churn ML",
        run_id="812/__default.Train",
        attempt=1,
        user="Ana",
        repo="acme/Churn ML/churn",
        commit=MERGE,
        branch="main",
        ci_url="https://dev.azure.com/acme/Churn%20ML/_build/results?buildId=812",
    ) == find_job(AZURE)


def test_a_pull_request_of_azure_repos_is_trained_at_its_head():
    """Azure Pipelines tells number, branch and head of the pull request."""
    told = {
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "31",
        "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/deeper",
        "SYSTEM_PULLREQUEST_SOURCECOMMITID": HEAD,
    }
    job = find_job(AZURE | told | {"BUILD_SOURCEBRANCH": "refs/pull/31/merge"})
    assert (HEAD, "deeper", 31) == (job.commit, job.branch, job.pr)


def test_code_on_github_keeps_its_number_in_azure_pipelines():
    """Azure Pipelines has an id of its own for a pull request of GitHub beside its number."""
    told = {"SYSTEM_PULLREQUEST_PULLREQUESTID": "88123", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "7"}
    code = {"BUILD_REPOSITORY_PROVIDER": "GitHub", "BUILD_REPOSITORY_NAME": "acme/churn"}
    job = find_job(AZURE | told | code)
    assert ("acme/churn", 7) == (job.repo, job.pr)


@pytest.mark.parametrize("environ", [{}, {"GITHUB_ACTIONS": "false"}, {"TF_BUILD": ""}])
def test_nothing_is_known_elsewhere(environ):
    """A shell says for itself what it reports."""
    assert Job() == find_job(environ)


@pytest.mark.parametrize("environ", [{"GITHUB_ACTIONS": "true"}, {"TF_BUILD": "True"}])
def test_variables_may_lack(environ):
    """What is not told is not made up."""
    assert Job() == find_job(environ)


def test_variables_may_be_nonsense():
    """Numbers and commits are what they must be, or not known."""
    odd = {"GITHUB_RUN_ATTEMPT": "x", "GITHUB_SHA": "$(id)", "GITHUB_REF": "refs/pull/0/merge"}
    job = find_job(GITHUB | odd)
    assert (None, "", None) == (job.attempt, job.commit, job.pr)
