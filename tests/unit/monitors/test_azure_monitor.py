"""Which of the alerts that we know Azure Monitor lists as fired."""

import pytest
import responses
from responses import matchers

from trainboard.alerts import Alert
from trainboard.errors import LimitedError, TransientError
from trainboard.monitors.azure_monitor import AzureMonitor
from trainboard.outbound import Outbound

URL = "https://management.azure.com"
SUBSCRIPTION = "3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60"
ALERTS = f"{URL}/subscriptions/{SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts"
ONE, TWO = "b9569717-bc32-442f-add5-83a997729330", "0b6d8ca3-0000-4000-8000-000000000000"


def monitor():
    server = Outbound("Azure Resource Manager", URL, token=lambda: "t0ken")
    return AzureMonitor(name="azure-monitor/prod", server=server, subscription=SUBSCRIPTION)


def alert(fingerprint, sender_id):
    return Alert(fingerprint=fingerprint, rule="Slow", firing=True, sender_id=sender_id)


KNOWN = {"f1": alert("f1", ONE), "f2": alert("f2", TWO), "f3": alert("f3", "")}


def listed():
    return [each.fingerprint for group in monitor().list_groups(KNOWN) for each in group.alerts]


@responses.activate
def test_what_is_listed_fires_still():
    """And what Azure gave no name; the token of the moment goes along."""
    got = responses.get(ALERTS, json={"value": [{"name": ONE.upper(), "properties": {}}], "nextLink": None})
    assert ["f1", "f3"] == listed()
    request = got.calls[0].request
    assert "Bearer t0ken" == request.headers["Authorization"]
    assert ("Fired", "30d") == (request.params["monitorCondition"], request.params["timeRange"])


@responses.activate
def test_all_pages_are_read():
    """As long as they are the same list's."""
    link = f"{ALERTS}?page=2"
    for query, page in (
        ({"page": "2"}, {"value": [{"name": TWO}]}),
        ({"monitorCondition": "Fired"}, {"value": [{"name": ONE}], "nextLink": link}),
    ):
        match = [matchers.query_param_matcher(query, strict_match=False)]
        responses.get(ALERTS, json=page, match=match)
    assert ["f1", "f2", "f3"] == listed()
    assert 2 == len(responses.calls)


@responses.activate
def test_nothing_is_asked_while_nothing_fires():
    """There is nothing that could be over."""
    assert [] == monitor().list_groups({})
    assert 0 == len(responses.calls)


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/subscriptions/x?page=2",
        "http://management.azure.com/subscriptions/x",
        f"{URL}/subscriptions/other/providers/Microsoft.AlertsManagement/alerts?page=2",
        f"{URL}@evil.example/alerts",
    ],
)
@responses.activate
def test_a_page_elsewhere_is_not_followed(link):
    """The token goes nowhere else."""
    responses.get(ALERTS, json={"value": [{"name": ONE}], "nextLink": link})
    with pytest.raises(TransientError, match="named a next page elsewhere"):
        listed()
    assert 1 == len(responses.calls)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"status": 401}, TransientError, "answered 401"),
        ({"status": 403}, TransientError, "answered 403"),
        ({"status": 404}, TransientError, "check the subscription, and the role Monitoring Reader"),
        ({"status": 429, "headers": {"Retry-After": "17"}}, LimitedError, "slow down"),
        ({"status": 503}, TransientError, "answered 503"),
        ({"body": "<html>"}, TransientError, "did not answer with alerts"),
        ({"json": {"value": None}}, TransientError, "did not answer with alerts"),
    ],
)
@responses.activate
def test_a_bad_answer_ends_nothing(answer, error, words):
    """What is wrong is said, and nothing is taken to be over."""
    responses.get(ALERTS, **answer)
    with pytest.raises(error, match=words):
        listed()


@responses.activate
def test_a_list_without_an_end_is_given_up():
    """So many pages are read at most."""
    responses.get(ALERTS, json={"value": [{"name": ONE}], "nextLink": f"{ALERTS}?page=next"})
    with pytest.raises(TransientError, match="has more alerts than are read: 40 pages"):
        listed()


@responses.activate
def test_the_doctor_looks_whether_it_answers():
    """With how many fire, or with what is wrong."""
    responses.get(ALERTS, json={"value": [{"name": ONE}]})
    [finding] = monitor().examine()
    assert "azure-monitor/prod answers: 1 alerts fire." == finding.message
    responses.replace(responses.GET, ALERTS, status=403)
    [finding] = monitor().examine()
    assert "answered 403" in finding.message
