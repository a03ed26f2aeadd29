"""The real client, asking an organisation that answers over `responses`."""

import pytest
from azure.devops.v7_1.work.models import TeamContext

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.asking import Clients, forget_places, listen_for_strange_keys
from fakes.azure_devops.listening import Receiver
from fakes.clock import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    """Every test finds its own way."""
    forget_places(monkeypatch)


@pytest.fixture(autouse=True)
def known_keys(monkeypatch):
    """Every key of an answer is one that the package's models know, but for what is newer than they are."""
    strange = listen_for_strange_keys(monkeypatch)
    yield
    assert [] == sorted(strange)


@pytest.fixture
def org(clock):
    """An organisation with the project `Churn` (Agile)."""
    made = AzureDevOps(clock)
    made.add_project("Churn", "Agile")
    with made.running():
        yield made


@pytest.fixture
def clients(org):
    return Clients(org)


@pytest.fixture
def wit(clients):
    return clients.work_item_tracking


@pytest.fixture
def team():
    return TeamContext(project="Churn", team="Churn Team")


@pytest.fixture
def receiver(org):
    org.send_hook = Receiver()
    return org.send_hook


@pytest.fixture
def hooks(clients):
    return clients.service_hooks
