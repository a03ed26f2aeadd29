"""The package's clients, with what is unsafe in them turned off."""

import threading
from base64 import b64encode

import msgspec
import pytest

from trainboard import __version__
from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.clients import Area, Clients
from trainboard.azure_devops.models import work_item_tracking
from trainboard.errors import PermanentError, TransientError

URL = "https://dev.azure.com/acme"
ITEM = f"{URL}/churn/_apis/wit/workItems/7"
PROJECTS = f"{URL}/_apis/projects"
READ = Call(doing="read work item 7")
PATCH = [work_item_tracking.JsonPatchOperation(op="add", path="/fields/System.Title", value="ü")]


def get_item(clients):
    return clients.work_item_tracking.get_work_item(7, project="churn")


def get_projects(clients):
    return [each.name for each in clients.core.get_projects()]


def test_what_goes_with_a_request(organization, web):
    """Who we are, the version that the package speaks, and an end to patience."""
    web.get(ITEM, json={"id": 7})
    organization.ask(READ, get_item)
    request = web.calls[0].request
    assert f"trainboard/{__version__} azure-devops/7.1.0b4" == request.headers["User-Agent"]
    assert "application/json;api-version=7.1-preview.3" == request.headers["Accept"]
    assert "Basic " + b64encode(b":pat-of-acme").decode() == request.headers["Authorization"]
    assert (5, 30) == request.req_kwargs["timeout"]


def test_a_write(organization, web):
    """A patch goes as such, with its text whole."""
    web.patch(ITEM, json={"id": 7, "rev": 4})
    call = Call(doing="change work item 7", writes=True)
    send = lambda clients: clients.work_item_tracking.update_work_item(PATCH, 7, project="churn")  # noqa: E731
    assert 4 == organization.ask(call, send).rev
    request = web.calls[0].request
    assert "application/json-patch+json; charset=utf-8" == request.headers["Content-Type"]
    assert [{"op": "add", "path": "/fields/System.Title", "value": "ü"}] == msgspec.json.decode(request.body)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://dev.azure.com/acme", "https://vssps.dev.azure.com/acme"),
        ("https://acme.visualstudio.com/", "https://acme.vssps.visualstudio.com"),
    ],
)
def test_people_are_on_another_host(open_organization, web, url, host):
    """Identities and groups have a host of their own, whose name follows from the organisation's."""
    web.get(f"{host}/_apis/Identities", json={"count": 1, "value": [{"id": "a"}]})
    web.head(f"{host}/_apis/Graph/Memberships/who/group")
    organization = open_organization(url)
    people = organization.ask(READ, lambda clients: clients.identity.read_identities(filter_value="a@acme"))
    organization.ask(READ, lambda clients: clients.graph.check_membership_existence("who", "group"))
    assert ["a"] == [each.id for each in people]
    assert [2, 0] == [len(web.calls), len([each for each in web.calls if each.request.method == "OPTIONS"])]


def test_every_client_is_there(organization):
    """Each area has its client, made once for all threads."""
    names = [name for name, area in vars(Clients).items() if isinstance(area, Area)]
    made = {name: getattr(organization.clients, name) for name in names}
    assert 17 == len(made)
    assert all(getattr(organization.clients, name) is client for name, client in made.items())


def test_clients_share_their_connections(organization, web):
    """A thread has one connection to the organisation however many areas it asks, and `close` ends all."""
    web.get(ITEM, json={"id": 7})
    web.get(PROJECTS, json={"count": 0, "value": []})
    sessions = organization.clients._sessions
    organization.ask(READ, get_item)
    organization.ask(READ, get_projects)
    assert 1 == len(sessions)
    kept = []
    thread = threading.Thread(target=lambda: (organization.ask(READ, get_item), kept.extend(sessions)))
    thread.start()
    thread.join()
    assert 2 == len(kept)
    closed = []
    for session in kept:
        session.close = lambda session=session: closed.append(session)
    organization.close()
    assert 2 == len(closed)


def test_an_answer_that_is_cut(organization, web):
    """Every connection that is opened again after an error would cost a handshake: it stays open."""
    web.get(ITEM, json={"message": "no"}, status=403)
    with pytest.raises(PermanentError):
        organization.ask(READ, get_item)
    (session,) = organization.clients._sessions
    web.get(ITEM, json={"id": 7})
    organization.ask(READ, get_item)
    assert [session] == list(organization.clients._sessions)


def test_no_redirect_is_followed(organization, web):
    """The token goes nowhere else, and a write is not made a read."""
    web.get(ITEM, status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(TransientError, match=r"it stands at https://evil\.example/ now"):
        organization.ask(READ, get_item)
    assert 1 == len(web.calls)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_nothing_is_sent_again(organization, web, status):
    """When to try again is the engine's decision."""
    web.get(ITEM, status=status)
    with pytest.raises(TransientError):
        organization.ask(READ, get_item)
    assert 1 == len(web.calls)


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_names_that_lead_elsewhere(organization, web, name):
    """A project named by dots would make another address of the path; it is refused before."""
    with pytest.raises(PermanentError, match=r"Could not read work item 7: a name .* Nothing was sent\."):
        organization.ask(READ, lambda clients: clients.work_item_tracking.get_work_item(7, project=name))
    assert 0 == len(web.calls)


def test_names_are_quoted(organization, web):
    """A slash, a brace or a question mark in a name stays in the name."""
    web.get(f"{URL}/a%2Fb%7B0%7D%3F%25/_apis/wit/workItems/7", json={"id": 7})
    organization.ask(READ, lambda clients: clients.work_item_tracking.get_work_item(7, project="a/b{0}?%"))
    assert "/acme/a%2Fb%7B0%7D%3F%25/_apis/wit/workItems/7" == web.calls[0].request.path_url


@pytest.mark.parametrize("body", ["{}", "[]", '{"value": null}', '{"count": 3, "value": null}', "null"])
def test_a_list_that_is_none(organization, web, body):
    """A look-up that failed is not an empty list."""
    web.get(PROJECTS, body=body, content_type="application/json")
    with pytest.raises(TransientError, match="not the JSON"):
        organization.ask(READ, get_projects)


def test_an_empty_list(organization, web):
    """A server leaves the list out of an empty one."""
    web.get(PROJECTS, json={"count": 0, "value": None})
    assert [] == organization.ask(READ, get_projects)
