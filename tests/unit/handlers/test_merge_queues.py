"""A merge queue tries a pull request: what the commit that it makes needs."""

from msgspec.structs import replace

from fakes.read import CHURN, NOW, FakeRead
from trainboard.effects import EnsurePullRequestStatus, EnsureQueuedGate
from trainboard.events import MergeQueued
from trainboard.facts import RecordQueued
from trainboard.handlers.merge_queues import react

CODE = "github:acme/churn"
QUEUED = MergeQueued(code=CODE, number=7, commit="d00dfeed", at=NOW)


def test_the_commit_is_noted_and_gets_its_gate_once():
    """Also where two projects share the repository."""
    projects = [replace(CHURN, name=name, code=CODE) for name in ("churn", "uplift")]
    expected = [
        RecordQueued(code=CODE, number=7, commit="d00dfeed", at=NOW),
        EnsurePullRequestStatus(project="churn", code=CODE, pull_request=7),
        EnsureQueuedGate(project="churn", code=CODE, pull_request=7, commit="d00dfeed"),
    ]
    assert expected == list(react(QUEUED, FakeRead(projects=projects)))


def test_a_repository_of_no_project_is_nothing_to_us():
    """Whoever queues there."""
    assert [] == list(react(QUEUED, FakeRead()))
