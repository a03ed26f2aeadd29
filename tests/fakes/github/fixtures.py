"""Fixtures: a fake GitHub, a clock that stands still, and a tracker between them."""

from datetime import UTC, datetime

import pytest

from fakes.clock import FakeClock
from fakes.github import FakeGitHub
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import TokenCredential
from trainboard.trackers.github import GitHubTracker


@pytest.fixture
def clock():
    return FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))


@pytest.fixture
def fake(clock):
    with FakeGitHub(clock=clock).running() as running:
        yield running


@pytest.fixture
def tracker(fake, clock):
    made = GitHubTracker(
        repository="acme/churn", credential=TokenCredential(fake.token, MemoryBudgets(clock)), clock=clock
    )
    yield made
    made.close()
