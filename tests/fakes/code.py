"""What senders say of pull requests and commits."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from trainboard.pull_requests import Approval, Check, CheckState, Deployment, DeploymentState, PullRequest
from trainboard.result_files import Coverage, Tally
from trainboard.results import EndedRun, Results
from trainboard.serving import AliasMove, Serving

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
CODE = "github:acme/churn"
HEAD = "a" * 40


def pull_request(**fields):
    """Pull request 7 of acme/churn, open."""
    values = {
        "code": CODE,
        "number": 7,
        "title": "Try more trees",
        "state": "open",
        "head": HEAD,
        "branch": "trees",
        "base": "main",
        "at": NOW,
        "url": "https://github.com/acme/churn/pull/7",
    }
    return PullRequest(**values | fields)


def check(**fields):
    """A check of the head of pull request 7 that runs."""
    values = {"code": CODE, "commit": HEAD, "name": "lint", "state": CheckState.RUNNING, "at": NOW}
    return Check(**values | fields)


def deployment(**fields):
    """A deployment to production that runs; nobody says of what."""
    values = {
        "code": CODE,
        "ref": "1",
        "environment": "production",
        "state": DeploymentState.RUNNING,
        "at": NOW,
    }
    return Deployment(**values | fields)


def approval(**fields):
    """An approval that is waited for."""
    return Approval(**{"code": CODE, "ref": "1", "state": "pending", "at": NOW} | fields)


def finished_run(**fields):
    """A run on the head of pull request 7 that ended."""
    values = {"code": CODE, "commit": HEAD, "pipeline": "github-actions/1", "run": 1, "at": NOW}
    return EndedRun(**values | fields)


def results(**fields):
    """What it found: two tests passed, and four of five lines are covered."""
    values = {"code": CODE, "commit": HEAD, "pipeline": "github-actions/1", "run": 1, "at": NOW}
    found = {"tests": Tally(passed=2), "coverage": Coverage(covered=4, valid=5)}
    return Results(**values | found | fields)


def move(version="3", at=NOW, **fields):
    """Alias champion of model churn-xgb points at that version."""
    return AliasMove(**{"model": "churn-xgb", "alias": "champion"} | fields, version=version, at=at)


def serving(**fields):
    """Version 3 of model churn-xgb came to an endpoint."""
    values = {
        "service": "azure-ml:acme",
        "endpoint": "churn-prod",
        "ref": "blue/1",
        "model": "churn-xgb",
        "version": "3",
        "state": DeploymentState.SUCCEEDED,
        "at": NOW,
    }
    return Serving(**values | fields)


times = st.sampled_from([NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)])
commits = st.sampled_from(["a" * 40, "b" * 40])
words = st.sampled_from(["", "x", "y"])
codes = st.sampled_from([CODE, "github:Acme/Churn"])
pull_requests = st.builds(
    pull_request,
    code=codes,
    state=st.sampled_from(["open", "closed", "merged"]),
    at=times,
    head=commits,
    text=words,
    draft=st.booleans(),
    merged_as=st.none() | commits,
)
checks = st.builds(
    check,
    code=codes,
    state=st.sampled_from(CheckState),
    at=times,
    run=st.integers(0, 2),
    attempt=st.integers(1, 2),
    summary=words,
)
deployments = st.builds(
    deployment,
    code=codes,
    environment=st.sampled_from(["staging", "production", "Production"]),
    state=st.sampled_from(DeploymentState),
    at=times,
    commit=st.none() | commits,
    url=words,
)
approvals = st.builds(
    approval,
    code=codes,
    state=st.sampled_from(["pending", "approved", "rejected", "skipped", "timed out"]),
    at=times,
    run=words,
    environment=words,
    commit=st.none() | commits,
    approvers=st.sampled_from([(), ("ada",), ("bob",)]),
    by=words,
)
found = st.builds(
    results,
    code=codes,
    run=st.integers(1, 2),
    attempt=st.integers(1, 2),
    at=times,
    tests=st.sampled_from([None, Tally(passed=1), Tally(failed=1)]),
)
moves = st.builds(
    move,
    st.none() | st.sampled_from(["1", "2", "3"]),
    st.integers(0, 5).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    alias=st.sampled_from(["champion", "challenger"]),
)
servings = st.builds(
    serving,
    endpoint=st.sampled_from(["churn-prod", "Churn-Prod", "churn-test"]),
    ref=st.sampled_from(["blue/1", "green/1", "blue/2"]),
    version=st.sampled_from(["1", "2"]),
    state=st.sampled_from(DeploymentState),
    at=times,
    stage=st.sampled_from(["", "production"]),
    url=words,
)
