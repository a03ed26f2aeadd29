"""Every request goes over the line: counted before it is sent, judged when it is answered."""

import pytest
import requests

from trainboard.azure_devops.calls import Call
from trainboard.budgets import Lane, in_lane
from trainboard.errors import DoubtError, PermanentError, TransientError

ITEM = "https://dev.azure.com/acme/churn/_apis/wit/workItems/7"
READ = Call(doing="read work item 7")
WRITE = Call(doing="remove work item 7", writes=True)


def get_item(clients):
    return clients.work_item_tracking.get_work_item(7, project="churn")


def delete_item(clients):
    return clients.work_item_tracking.delete_work_item(7, project="churn")


class Book:
    """A budget that writes down what it is told."""

    def __init__(self):
        self.admitted = []
        self.noted = []

    def admit(self, doing, lane, *, writes):
        self.admitted.append((doing, lane, writes))

    def note(self, notice):
        self.noted.append(notice)


class Away:
    """A budget whose database does not answer."""

    def admit(self, *_, **__):
        raise TransientError("Did not remove work item 7: the database does not answer.")


def test_requests_are_counted_in_their_lane(open_organization, web):
    """What the engine applies for somebody who waits goes first; what nobody named is chatter."""
    book = Book()
    organization = open_organization(budget=book)
    web.get(ITEM, json={"id": 7})
    web.delete(ITEM, json={"id": 7})
    organization.ask(READ, get_item)
    with in_lane(Lane.COMMAND):
        organization.ask(WRITE, delete_item)
    assert [
        ("read work item 7", Lane.CHATTER, False),
        ("remove work item 7", Lane.COMMAND, True),
    ] == book.admitted
    assert 2 == len(book.noted)


def test_what_cannot_be_counted_is_not_sent(open_organization, web):
    """There is no doubt about a write that was held back."""
    with pytest.raises(TransientError, match="the database does not answer") as caught:
        open_organization(budget=Away()).ask(WRITE, delete_item)
    assert not isinstance(caught.value, DoubtError)
    assert 0 == len(web.calls)


def test_clients_belong_to_calls(organization):
    """A client that is used beside `ask` would send what nobody counts: that is a bug of ours."""
    with pytest.raises(RuntimeError, match=r"outside of Organization\.ask"):
        get_item(organization.clients)


def test_what_the_package_cannot_write(organization, web):
    """A value of the wrong kind is refused before anything is sent, and is not quoted."""
    with pytest.raises(PermanentError, match=r"cannot write what it was given \(\w+\)\. Nothing was sent"):
        organization.ask(READ, lambda clients: clients.work_item_tracking.get_work_item("seven"))
    assert 0 == len(web.calls)


def test_the_connection_breaks_in_the_answer(organization, web):
    """A body that ends too soon is no answer."""
    web.get(ITEM, body=requests.exceptions.ChunkedEncodingError("half"))
    with pytest.raises(TransientError, match=r"no answer came back \(ChunkedEncodingError\)"):
        organization.ask(READ, get_item)
