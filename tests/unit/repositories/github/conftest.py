"""A fake GitHub, a clock that stands still, and a repository opened with a credential of either kind."""

import pytest

from fakes.github.fixtures import clock, fake
from fakes.github.keys import make_pem
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import AppCredential, TokenCredential
from trainboard.repositories.github import PERMISSIONS, GitHubRepository

__all__ = ["clock", "fake"]


@pytest.fixture
def open_repository(fake, clock):
    """Opens `acme/churn` with a credential; closes it at the end."""
    opened = []

    def open_with(credential):
        made = GitHubRepository(
            repository="acme/churn", credential=credential, api_url=fake.api_url, clock=clock
        )
        opened.append(made)
        return made

    yield open_with
    for each in opened:
        each.close()


@pytest.fixture
def repository(fake, clock, open_repository):
    """That of a token."""
    return open_repository(TokenCredential(fake.token, MemoryBudgets(clock)))


@pytest.fixture
def app_repository(fake, clock, open_repository):
    """That of an App."""
    return open_repository(AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS))
