"""An organisation that is asked, and the web that answers it as the test says."""

import pytest
import responses

from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.budgets.azure_devops import WINDOWS
from trainboard.budgets.memory import MemoryBudgets

URL = "https://dev.azure.com/acme"


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def web():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        yield web


@pytest.fixture
def budget(clock):
    return MemoryBudgets(clock).of("azure-devops:dev.azure.com/acme", WINDOWS)


@pytest.fixture
def open_organization(clock, budget):
    """Opens an organisation at a URL, the one of the cloud if none is named."""
    opened = []

    def open_at(url=URL, **parts):
        wanted = {"credential": TokenCredential("pat-of-acme"), "budget": budget, "clock": clock, **parts}
        opened.append(Organization(url=url, **wanted))
        return opened[-1]

    yield open_at
    for each in opened:
        each.close()


@pytest.fixture
def organization(open_organization):
    return open_organization()
