"""The Azure DevOps stand-in at a real port, asked by the real client."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from fakes.azure_devops import AzureDevOps, faults, serving
from fakes.azure_devops.asking import Clients, forget_places, new, op
from fakes.clock import FakeClock


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    """Every test finds its own way."""
    forget_places(monkeypatch)


@pytest.fixture
def org():
    made = AzureDevOps(FakeClock(), knows_areas=True)
    made.add_project("Churn", "Scrum")
    with serving(made):
        yield made


@pytest.fixture
def clients(org):
    return Clients(org)


def test_client_finds_its_way(org, clients):
    """It asks where the resources are, and then for them, at both hosts."""
    item = clients.work_item_tracking.create_work_item(new(), "Churn", "Product Backlog Item")
    assert (1, "New") == (item.id, item.fields["System.State"])
    assert [org.ana.id] == [each.id for each in clients.identity.read_identities(identity_ids=org.ana.id)]
    assert ["POST wit.newWorkItem", "GET identity.identities"] == org.calls()


def test_writers_meet(org, clients):
    """Of many who save the same revision one succeeds."""
    number = org.person_creates("Churn", "An item").id
    patch = [op("/rev", 1, "test"), op("/fields/System.Title", "b")]
    wit = clients.work_item_tracking

    def save(_):
        try:
            return wit.update_work_item(patch, number, "Churn").rev
        except Exception as error:  # noqa: BLE001  its kind is what is looked at
            return error.type_key

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(save, range(8)))
    assert ({2, "TestPatchOperationFailedException"}, 1) == (set(found), found.count(2))


def test_silence(org):
    """A request that is never answered runs into its own patience."""
    org.faults.add(faults.hang())
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{org.url}/_apis/projects", auth=("", org.token), timeout=0.2)


def test_closed_connection(org):
    """A connection that ends says nothing about the work, which may be done."""
    org.faults.add(faults.close(), method="POST", after_work=True)
    patch = [{"op": "add", "path": "/fields/System.Title", "value": "a"}]
    url = f"{org.url}/Churn/_apis/wit/workItems/$Task?api-version=7.1"
    headers = {"Content-Type": "application/json-patch+json"}
    with pytest.raises(requests.ConnectionError):
        requests.post(url, json=patch, headers=headers, auth=("", org.token), timeout=5)
    assert ["a"] == [item.title for item in org.items.values()]


def test_slow_answer(org):
    """A slow answer is a right one."""
    org.faults.add(faults.slow(0.01))
    assert 200 == requests.get(f"{org.url}/_apis/projects", auth=("", org.token), timeout=5).status_code


def test_nobody_is_there(org):
    """An organisation that is down closes every connection, and after the test nobody listens."""
    org.is_down = True
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{org.url}/_apis/projects", timeout=5)


def test_head_has_no_body(org):
    """Its status is the answer."""
    url = f"{org.identity_url}/_apis/Graph/Memberships/{org.ana.descriptor}/{org.ben.descriptor}"
    assert 404 == requests.head(url, auth=("", org.token), timeout=5).status_code


def test_port_is_free_afterwards():
    """A served organisation has its own address again when it is served no more."""
    made = AzureDevOps(FakeClock())
    with serving(made):
        port = int(made.root.rpartition(":")[2])
    assert "https://dev.azure.com/acme" == made.url
    with socket.socket() as free, pytest.raises(ConnectionRefusedError):
        free.connect(("127.0.0.1", port))
