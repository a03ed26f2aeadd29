"""An organisation of Azure DevOps behind `responses`, and a repository of it."""

from datetime import UTC, datetime

import pytest

from fakes.azure_devops import AzureDevOps
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.repositories.azure_repos import AzureRepository


@pytest.fixture
def clock():
    return FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))


@pytest.fixture
def azure(clock):
    with AzureDevOps(clock).running() as running:
        running.add_project("Churn model")
        yield running


@pytest.fixture
def code(azure):
    """The repository as the stand-in holds it."""
    return azure.add_repository("Churn model", "churn")


@pytest.fixture
def pull(azure, code):
    """A pull request of Ana's."""
    return azure.person_opens_pull(code, "Try LightGBM", source="refs/heads/feature/lgbm")


@pytest.fixture
def open_repository(azure, clock):
    """Opens a repository by its name; closes it at the end."""
    opened = []

    def open_named(name):
        organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(clock).of(name_account(azure.url), ()),
            clock=clock,
        )
        made = AzureRepository(organization=organization, project="Churn model", repository=name, clock=clock)
        opened.append(made)
        return made

    yield open_named
    for each in opened:
        each.close()


@pytest.fixture
def repository(open_repository, code):
    """The repository under test."""
    return open_repository(code.name)
