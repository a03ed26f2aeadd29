"""Artifacts of GitHub Actions, and the host that keeps them."""

from datetime import UTC, datetime

import pytest

from fakes.github.artifacts import leave
from fakes.github.fixtures import clock, fake
from fakes.github.keys import make_pem
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import MissingError, OversizedError
from trainboard.github.credentials import AppCredential, TokenCredential
from trainboard.pipelines.github_artifacts import PERMISSIONS, GitHubArtifacts
from trainboard.results import EndedRun

__all__ = ["clock", "fake"]

RUN = 77


def ended(run):
    """A run of a workflow that is over."""
    at = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
    return EndedRun(code="github:acme/churn", commit="0" * 40, pipeline="github-actions/3", run=run, at=at)


@pytest.fixture
def artifacts(fake, clock):
    """Those of acme/churn, for a token."""
    made = GitHubArtifacts(
        repository="acme/churn",
        credential=TokenCredential(fake.token, MemoryBudgets(clock)),
        api_url=fake.api_url,
        clock=clock,
    )
    yield made
    made.close()


def test_what_a_run_left(fake, artifacts):
    """One call tells of all; one that was kept long enough is gone."""
    first = leave(fake, fake.churn, RUN, "junit", b"zip!")
    leave(fake, fake.churn, RUN, "coverage", b"", expired=True)
    leave(fake, fake.churn, 78, "of another run", b"")
    found = artifacts.list_artifacts(ended(RUN))

    assert [("junit", 4, False), ("coverage", 0, True)] == [
        (each.name, each.size_bytes, each.is_gone) for each in found
    ]
    assert found[0].age < found[1].age
    assert {("0" * 40, False)} == {(each.commit, each.is_foreign) for each in found}
    assert ["GET /repos/acme/churn/actions/runs/77/artifacts"] == fake.calls()
    assert b"zip!" == artifacts.read_artifact(found[0], 100)
    assert [f"GET /repos/acme/churn/actions/artifacts/{first.id}/zip"] == fake.calls()[1:]


def test_an_app_needs_to_read_actions_only(fake, clock):
    """It asks for no more."""
    credential = AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS)
    artifacts = GitHubArtifacts(
        repository="acme/churn", credential=credential, api_url=fake.api_url, clock=clock
    )
    leave(fake, fake.churn, RUN, "junit", b"zip!")
    [found] = artifacts.list_artifacts(ended(RUN))
    assert b"zip!" == artifacts.read_artifact(found, 100)
    asked = next(each for each in fake.requests if each.path.endswith("/access_tokens"))
    assert {"actions": "read", "metadata": "read"} == asked.json["permissions"]
    artifacts.close()


def test_a_repository_that_was_renamed(fake, artifacts):
    """Its old name leads to the artifacts too."""
    leave(fake, fake.churn, RUN, "junit", b"zip!")
    fake.rename("acme/churn", "acme/risk")
    [found] = artifacts.list_artifacts(ended(RUN))
    assert b"zip!" == artifacts.read_artifact(found, 100)


@pytest.mark.parametrize("how", [{"expired": True}, {"gone": True}])
def test_artifacts_that_are_gone(fake, artifacts, how):
    """GitHub says 410 for what has expired, and its host 404 for what is not there."""
    leave(fake, fake.churn, RUN, "junit", b"zip!", **how)
    [found] = artifacts.list_artifacts(ended(RUN))
    with pytest.raises(MissingError):
        artifacts.read_artifact(found, 100)


def test_a_run_that_is_gone(artifacts):
    """It left nothing, which is not the same as nothing of use."""
    with pytest.raises(MissingError):
        artifacts.list_artifacts(ended(RUN))


def test_artifacts_that_are_too_large(fake, artifacts):
    """No more is taken, whatever size was told."""
    leave(fake, fake.churn, RUN, "junit", b"z" * 101)
    [found] = artifacts.list_artifacts(ended(RUN))
    with pytest.raises(OversizedError):
        artifacts.read_artifact(found, 100)


@pytest.mark.parametrize("head", [4, None])
def test_what_a_fork_left(fake, artifacts, head):
    """GitHub tells it beside the artifact, also of one that is gone."""
    leave(fake, fake.churn, RUN, "junit", b"zip!", head_repository=head)
    [found] = artifacts.list_artifacts(ended(RUN))
    assert found.is_foreign
