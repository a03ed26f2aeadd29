"""A merge queue tries a pull request: what the commit that it makes needs."""

from msgspec.structs import replace

from fakes.read import CHURN, FakeRead
from trainboard.effects import EnsureQueuedGate
from trainboard.events import MergeQueued
from trainboard.handlers.merge_queues import react

CODE = "github:acme/churn"
QUEUED = MergeQueued(code=CODE, number=7, commit="d00dfeed")


def test_the_gate_is_asked_for_once():
    """Also where two projects share the repository."""
    projects = [replace(CHURN, name=name, code=CODE) for name in ("churn", "uplift")]
    expected = EnsureQueuedGate(project="churn", code=CODE, pull_request=7, commit="d00dfeed")
    assert [expected] == list(react(QUEUED, FakeRead(projects=projects)))


def test_a_repository_of_no_project_is_nothing_to_us():
    """Whoever queues there."""
    assert [] == list(react(QUEUED, FakeRead()))
