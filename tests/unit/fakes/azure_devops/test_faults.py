"""The stand-in comes to grief in all the ways in which Azure DevOps does."""

import pytest
import requests
from azure.devops.exceptions import AzureDevOpsAuthenticationError, AzureDevOpsServiceError
from msrest.exceptions import ClientRequestError, DeserializationError

from fakes.azure_devops import faults
from fakes.azure_devops.asking import new, op
from judges import azure_devops_shapes


@pytest.fixture
def number(org):
    return org.person_creates("Churn", "An item").id


def test_sign_in_page(org, wit, number):
    """An expired token gets 203 and a page."""
    org.faults.add(faults.sign_in_page(), method="GET", path="workItems")
    with pytest.raises(DeserializationError, match="text/html"):
        wit.get_work_item(number)
    assert 203 == org.requests[-1].status


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (faults.unauthorized(), AzureDevOpsAuthenticationError, "has expired"),
        (faults.null(), Exception, "404"),
        (faults.conflict(), AzureDevOpsServiceError, "VS403351"),
        (faults.throttled(), AzureDevOpsServiceError, "TF400733"),
        (faults.throttled(7, 1_800_000_000), AzureDevOpsServiceError, "TF400733"),
        (faults.unavailable(), AzureDevOpsServiceError, "unavailable"),
        (faults.server_error(), AzureDevOpsServiceError, "TF400898"),
        (faults.close(), ClientRequestError, "Error occurred"),
        (faults.hang(), ClientRequestError, "Error occurred"),
    ],
)
def test_fault_takes_the_place_of_the_work(org, wit, number, fault, error, words):
    """Nothing is done, and the client learns of it in its own way."""
    org.faults.add(fault, method="PATCH", path=r"/wit/workItems/\d+$")
    with pytest.raises(error, match=words):
        wit.update_work_item([op("/fields/System.Title", "b")], number)
    assert "An item" == org.items[number].title
    wit.update_work_item([op("/fields/System.Title", "b")], number)
    assert "b" == org.items[number].title


def test_work_may_be_done_before(org, wit):
    """The client cannot know that it was."""
    org.faults.add(faults.unavailable(), method="POST", after_work=True)
    with pytest.raises(AzureDevOpsServiceError):
        wit.create_work_item(new(), "Churn", "Bug")
    assert ["An item"] == [item.title for item in org.items.values()]


def test_fault_may_come_often(org, wit, number):
    """As often as it was told to, or until all is well again."""
    org.faults.add(faults.unavailable(), path="workItems", times=2)
    for _ in range(2):
        with pytest.raises(AzureDevOpsServiceError):
            wit.get_work_item(number)
    wit.get_work_item(number)
    org.faults.add(faults.unavailable())
    org.faults.clear()
    wit.get_work_item(number)


def test_throttling_tells_when_to_come_back(org):
    """By the header that says how many seconds."""
    org.faults.add(faults.throttled(7, 1_800_000_000))
    answer = requests.get(f"{org.url}/_apis/projects", auth=("", org.token), timeout=5)
    assert (429, "7", "1800000000") == (
        answer.status_code,
        answer.headers["Retry-After"],
        answer.headers["X-RateLimit-Reset"],
    )


def test_delay_comes_with_success(org):
    """The work is done, and its answer asks for patience."""
    org.faults.add(faults.delayed(org.now, 30))
    answer = requests.get(f"{org.url}/_apis/projects", auth=("", org.token), timeout=5)
    assert (200, "30", "3.0", "0") == (
        answer.status_code,
        answer.headers["Retry-After"],
        answer.headers["X-RateLimit-Delay"],
        answer.headers["X-RateLimit-Remaining"],
    )


def test_nobody_is_there(org, wit, number):
    """An organisation that is down answers nothing at all."""
    org.is_down = True
    with pytest.raises(ClientRequestError):
        wit.get_work_item(number)


def test_requests_are_remembered(org, wit, number):
    """Each with its method, its place and its status, without the ones that find the way."""
    wit.get_work_item(number)
    with pytest.raises(AzureDevOpsServiceError):
        wit.get_work_item(99)
    assert ["GET wit.workItems 200", "GET wit.workItems 404"] == [str(asked) for asked in org.requests[-2:]]
    assert ["GET wit.workItems", "GET wit.workItems"] == org.calls("GET")


@pytest.mark.parametrize("query", ["$top=many", "$skip=-1"])
def test_bad_number_is_refused(org, query):
    """A number in a query is one."""
    answer = requests.get(f"{org.url}/_apis/projects/Churn/teams?{query}", auth=("", org.token), timeout=5)
    assert 400 == answer.status_code


def test_what_has_no_answer_fails_the_test(org):
    """A request that the stand-in does not understand is no refusal of Azure DevOps."""
    answer = requests.get(f"{org.url}/Churn/_apis/build/builds/odd", auth=("", org.token), timeout=5)
    assert (500, 1) == (answer.status_code, len(findings := azure_devops_shapes.take_findings()))
    assert "the stand-in has no answer: ValueError" in findings[0]
