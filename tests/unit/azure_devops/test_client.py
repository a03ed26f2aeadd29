"""What is sent to an organisation, and what becomes of its answer."""

import msgspec
import pytest

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.models import work_item_tracking
from trainboard.errors import MissingError, TransientError

URL = "https://dev.azure.com/acme"
ITEM = f"{URL}/churn/_apis/wit/workItems/7"
PROJECTS = f"{URL}/_apis/projects"
READ = Call(doing="read work item 7")


def get_item(clients):
    return clients.work_item_tracking.get_work_item(7, project="churn")


def get_projects(clients, token=None):
    return [each.name for each in clients.core.get_projects(continuation_token=token)]


def get_definitions(clients, token):
    found = clients.build.get_definitions("churn", continuation_token=token)
    return [each.name for each in found]


class Item(msgspec.Struct):
    id: int
    fields: dict[str, str] = {}


class Items(msgspec.Struct):
    value: list[Item]


def test_the_first_request_is_the_real_one(organization, web):
    """On Microsoft's own hosts nothing is asked before: neither what is offered, nor where."""
    web.get(ITEM, json={"id": 7, "rev": 3})
    assert 3 == organization.ask(READ, get_item).rev
    assert [("GET", ITEM)] == [(each.request.method, each.request.url) for each in web.calls]


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        '"text"',
        '{"id": "seven"}',
        '{"id": 1e400}',
        '{"relations": 5}',
        "{",
        "not JSON",
    ],
)
def test_gibberish(organization, web, body):
    """An answer of success that is none leaves a doubt after a write, and none after a read."""
    web.get(ITEM, body=body, content_type="application/json")
    with pytest.raises(TransientError, match="not the JSON that Azure DevOps promises"):
        organization.ask(READ, get_item)
    with pytest.raises(TransientError, match="not the JSON that Azure DevOps promises"):
        organization.read(READ, get_item, Items)


def test_a_mark_of_order_before_json(organization, web):
    """Some answers begin with a byte order mark."""
    web.get(ITEM, body='\ufeff{"id": 7}'.encode(), content_type="application/json; charset=utf-8")
    assert 7 == organization.ask(READ, get_item).id
    assert Item(7) == organization.read(READ, get_item, Item)


@pytest.mark.parametrize("status", [200, 404])
def test_nothing_is_there(organization, web, status):
    """JSON's null is how some areas say that a thing is missing, with 404 and with 200."""
    web.get(ITEM, body="null", status=status, content_type="application/json")
    call = Call(doing="read work item 7", thing="work item 7")
    with pytest.raises(
        MissingError, match=f"answered {status}. Either work item 7 is not there, or we may not"
    ):
        organization.ask(call, get_item)


def test_null_where_nothing_was_named(organization, web):
    """Whoever named no thing is told None."""
    web.get(ITEM, body="null", content_type="application/json")
    assert organization.ask(READ, get_item) is None


def test_json_itself(organization, web):
    """Many things are read into a shape of ours, without the package's objects."""
    web.post(f"{URL}/churn/_apis/wit/workItemsBatch", json={"count": 1, "value": [{"id": 7, "rev": 2}]})
    request = work_item_tracking.WorkItemBatchGetRequest(ids=[7])
    send = lambda clients: clients.work_item_tracking.get_work_items_batch(request, "churn")  # noqa: E731
    assert Items([Item(7)]) == organization.read(READ, send, Items)
    with pytest.raises(TypeError, match="called no client"):
        organization.read(READ, lambda _: None, Items)


def test_a_page(organization, web):
    """The token of the next page is in a header, which the package drops."""
    web.get(PROJECTS, json={"value": [{"name": "a"}]}, headers={"x-ms-continuationtoken": "12"})
    assert (["a"], "12") == organization.ask_page(READ, get_projects)


def test_all_pages(organization, web):
    """Each page is asked for with the token of the one before, and only when it is wanted."""
    url = f"{URL}/churn/_apis/build/Definitions"
    for name, token in (("a", "t/1 ü"), ("b", "t2"), ("c", "")):
        web.get(url, json={"value": [{"name": name}]}, headers={"X-MS-ContinuationToken": token})
    pages = organization.ask_pages(READ, get_definitions)
    assert (["a"], 1) == (next(pages), len(web.calls))
    assert [["b"], ["c"]] == list(pages)
    assert [None, "t/1 ü", "t2"] == [each.request.params.get("continuationToken") for each in web.calls]


def test_what_nobody_asked(organization):
    """An answer that was known without a request has no next page."""
    assert (5, None) == organization.ask_page(READ, lambda _: 5)
