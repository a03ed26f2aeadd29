"""A fake GitHub, a clock that stands still, and a tracker between them."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.github import FakeGitHub
from trainboard.budgets.memory import MemoryBudgets
from trainboard.trackers.github import GitHubTracker, TokenCredential


class Clock:
    """Tells the same time until it is set forward."""

    def __init__(self):
        self.now = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def forward(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


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
