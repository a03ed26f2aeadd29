"""An organisation of Azure DevOps behind `responses`, and trackers of it."""

from datetime import UTC, datetime

import pytest

from fakes.azure_devops import SERVER_2022, AzureDevOps
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.trackers.azure_boards import AzureBoardsTracker
from trainboard.work_items import NewWorkItem

PROJECT, TEAM = "Churn", "Churn ML"


@pytest.fixture
def clock():
    return FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))


@pytest.fixture
def azure(clock):
    """Azure DevOps Services with a project of process Agile."""
    with AzureDevOps(clock).running() as running:
        running.add_project(PROJECT, process="Agile", team=TEAM)
        yield running


@pytest.fixture
def server(clock):
    """An Azure DevOps Server 2022, which knows no Markdown."""
    with AzureDevOps(clock, edition=SERVER_2022).running() as running:
        running.add_project(PROJECT, process="Agile", team=TEAM)
        yield running


@pytest.fixture
def open_tracker():
    """Makes trackers of an organisation, and closes them."""
    made = []

    def open_it(azure, *, project=PROJECT, team=TEAM, token=None, **options):
        organization = Organization(
            url=azure.url,
            credential=TokenCredential(token or azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
        )
        tracker = AzureBoardsTracker(
            organization=organization, project=project, team=team, clock=azure.clock, **options
        )
        made.append(tracker)
        return tracker

    yield open_it
    for tracker in made:
        tracker.close()


@pytest.fixture
def tracker(azure, open_tracker):
    return open_tracker(azure)


@pytest.fixture
def warm(azure, tracker):
    """A tracker that knows its project and work item 1, and an empty list of requests."""
    tracker.create_item(NewWorkItem(title="one", body="text", labels=("tb:experiment",)))
    azure.requests.clear()
    return tracker
