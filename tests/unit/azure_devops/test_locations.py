"""Where resources are: known for Microsoft's own hosts, asked of any other."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from azure.devops import v7_1

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.azure_devops.routes import ROUTES
from trainboard.errors import DoubtError, LimitedError, PermanentError, TransientError

URL = "https://tfs.example.com/tfs/Team"
READ = Call(doing="read work item 7")
WRITE = Call(doing="change work item 7", writes=True)
ITEM = {
    "id": "72c7ddf8-2cdc-4f60-90cd-ab71c14a399b",
    "area": "wit",
    "resourceName": "workItems",
    "routeTemplate": "{project}/_apis/{area}/{resource}/{id}",
    "resourceVersion": 3,
    "minVersion": 1.0,
    "maxVersion": 7.0,
    "releasedVersion": "7.0",
}
AREAS = ITEM | {
    "id": "e81700f7-3be2-46de-8624-2eb35882fcaa",
    "area": "Location",
    "resourceName": "ResourceAreas",
    "routeTemplate": "_apis/{resource}/{areaId}",
    "releasedVersion": "0.0",
}
PEOPLE = ITEM | {
    "id": "28010C54-D0C0-4C89-A5B0-1C9E188B9FB7",
    "area": "IMS",
    "resourceName": "Identities",
    "routeTemplate": "_apis/{resource}/{identityId}",
}


def get_item(clients):
    return clients.work_item_tracking.get_work_item(7, project="churn")


def read_people(clients):
    return clients.identity.read_identities(filter_value="a@acme")


def told(*values):
    return {"count": len(values), "value": list(values)}


@pytest.fixture
def server(open_organization, web):
    """A server of one's own, as the test's `web` answers for it."""
    web.add("OPTIONS", f"{URL}/_apis", json=told(ITEM, AREAS, PEOPLE))
    web.get(f"{URL}/_apis/ResourceAreas", json={"count": 0, "value": None})
    web.get(f"{URL}/churn/_apis/wit/workItems/7", json={"id": 7})
    return open_organization(URL)


def list_routes_of_the_package():
    """What the package fills into the route of each resource, by id."""
    found = defaultdict(set)
    for module in Path(v7_1.__path__[0]).glob("*/*_client*.py"):
        for function in ast.walk(ast.parse(module.read_text(encoding="utf-8-sig"))):
            if isinstance(function, ast.FunctionDef):
                calls = [node for node in ast.walk(function) if isinstance(node, ast.keyword)]
                ids = [node.value.value for node in calls if node.arg == "location_id"]
                filled = {
                    node.slice.value
                    for node in ast.walk(function)
                    if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "route_values"
                }
                for each in ids:
                    found[each] |= filled
    return found


def test_each_route_has_room():
    """The package fills nothing into a route that has no place for it, and knows each but the approvals."""
    filled = list_routes_of_the_package()
    for location_id, route in ROUTES.items():
        missing = {
            name for name in filled.get(location_id, ()) if f"{{{name}}}" not in route.replace("{*", "{")
        }
        assert set() == missing, route
    assert {"37794717-f36f-4d78-b2bf-4dc30d0cfbcd"} == ROUTES.keys() - filled.keys()


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("https://dev.azure.com/Acme/", "azure-devops:dev.azure.com/acme"),
        ("https://ACME.visualstudio.com", "azure-devops:dev.azure.com/acme"),
        ("https://user:secret@tfs.example.com:8443/tfs/Team", "azure-devops:tfs.example.com:8443/tfs/team"),
    ],
)
def test_an_organization_has_one_budget(url, account):
    """However it is written, and by its old address too."""
    assert account == name_account(url)


def test_a_server_is_asked_once(server, web):
    """Where the areas are and what is offered is learned before the first call, and then known."""
    web.get(f"{URL}/_apis/Identities", json=told({"id": "a"}))
    server.ask(READ, get_item)
    server.ask(READ, get_item)
    server.ask(READ, read_people)
    asked = [f"{each.request.method} {each.request.path_url}" for each in web.calls]
    assert [
        "OPTIONS /tfs/Team/_apis",
        "GET /tfs/Team/_apis/ResourceAreas",
        "GET /tfs/Team/churn/_apis/wit/workItems/7",
        "GET /tfs/Team/churn/_apis/wit/workItems/7",
        "GET /tfs/Team/_apis/Identities?filterValue=a%40acme",
    ] == asked


@pytest.mark.parametrize(
    ("newest", "released", "resource", "version"),
    [
        (7.0, "7.0", 3, "7.0"),
        (6.0, "5.1", 3, "6.0-preview"),
        (7.1, "7.1", 2, "7.1-preview.2"),
        (7.2, "7.1", 3, "7.1-preview.3"),
    ],
)
def test_the_highest_version_that_both_speak(open_organization, web, newest, released, resource, version):
    """An older server gets its own newest version, a newer one ours."""
    offer = {"maxVersion": newest, "releasedVersion": released, "resourceVersion": resource}
    web.add("OPTIONS", f"{URL}/_apis", json=told(ITEM | offer, AREAS))
    web.get(f"{URL}/_apis/ResourceAreas", json=told())
    web.get(f"{URL}/churn/_apis/wit/workItems/7", json={"id": 7})
    open_organization(URL).ask(READ, get_item)
    assert f"application/json;api-version={version}" == web.calls[-1].request.headers["Accept"]


def test_areas_on_other_hosts(open_organization, web):
    """A server that names another URL for an area is asked there, for what is offered there too."""
    area = {"id": "8A3D49B8-91F0-46EF-B33D-DDA338C25DB3", "name": "IMS", "locationUrl": "https://id.example/"}
    web.add("OPTIONS", f"{URL}/_apis", json=told(AREAS))
    web.get(f"{URL}/_apis/ResourceAreas", json=told(area))
    web.add("OPTIONS", "https://id.example/_apis", json=told(PEOPLE))
    web.get("https://id.example/_apis/Identities", json=told({"id": "a"}))
    assert ["a"] == [each.id for each in open_organization(URL).ask(READ, read_people)]


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        ({"id": "00000000-0000-0000-0000-000000000000"}, "is too old to offer this"),
        ({"minVersion": 8.0, "maxVersion": 9.0}, "is too new for us"),
    ],
)
def test_what_a_server_does_not_offer(open_organization, web, offer, said):
    """Nothing is sent that nobody there understands."""
    web.add("OPTIONS", f"{URL}/_apis", json=told(ITEM | offer, AREAS))
    web.get(f"{URL}/_apis/ResourceAreas", json=told())
    with pytest.raises(PermanentError, match=rf"Could not read work item 7: {URL} {said}\. Nothing was sent"):
        open_organization(URL).ask(READ, get_item)


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"value": [{"minVersion": "x"}]}', "null"])
def test_a_server_that_does_not_say_what_it_offers(open_organization, web, body):
    """The write that needed it was not sent, so there is no doubt; the next call asks again."""
    web.add("OPTIONS", f"{URL}/_apis", body=body, content_type="application/json")
    organization = open_organization(URL)
    for _ in range(2):
        with pytest.raises(TransientError, match=r"learn what https://tfs\.example") as caught:
            organization.ask(WRITE, get_item)
        assert not isinstance(caught.value, DoubtError)
    assert 2 == len(web.calls)


def test_learning_counts(open_organization, web):
    """The requests by which we learn are counted like all others, as reads."""

    class Full:
        def admit(self, doing, _lane, *, writes):
            asked.append((doing, writes))
            raise LimitedError("wait", retry_after_seconds=5)

    asked = []
    with pytest.raises(LimitedError):
        open_organization(URL, budget=Full()).ask(WRITE, get_item)
    assert [(f"learn what {URL} offers", False)] == asked


def test_what_the_table_leaves_out(open_organization, web):
    """A resource of the cloud that we have no route for is asked for, once, and then found."""
    url = "https://dev.azure.com/acme"
    route = "{project}/_apis/{area}/{resource}/{id}"
    query = ITEM | {
        "id": "a67d190c-c41f-424b-814d-0e906f659301",
        "resourceName": "queries",
        "routeTemplate": route,
    }
    web.add("OPTIONS", f"{url}/_apis", json=told(query))
    web.get(f"{url}/churn/_apis/wit/queries", json=told({"name": "mine"}))
    send = lambda clients: clients.work_item_tracking.get_queries("churn")  # noqa: E731
    organization = open_organization(url)
    for _ in range(2):
        assert ["mine"] == [each.name for each in organization.ask(READ, send)]
    assert ["OPTIONS", "GET", "GET"] == [each.request.method for each in web.calls]


def test_locations_may_be_given(open_organization, web):
    """What plays the cloud on another host is taken for it."""
    url = "http://127.0.0.1:8080/acme"
    web.get(f"{url}/churn/_apis/wit/workItems/7", json={"id": 7})
    organization = open_organization(url, locations=KnownLocations(url, url))
    assert 7 == organization.ask(READ, get_item).id
    assert 1 == len(web.calls)
