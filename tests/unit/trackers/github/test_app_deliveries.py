"""What GitHub tells of the deliveries of an App's webhook."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from judges import github_openapi
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import LimitedError, PayloadError, TransientError
from trainboard.github.credentials import AppCredential
from trainboard.ledgers import Message, Sent
from trainboard.trackers.github.app_deliveries import AppDeliveries

API_URL = "https://github.example/api/v3"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
PAGE = "https://github.com/organizations/acme/settings/apps/trainboard"


@pytest.fixture
def fake(clock):
    with github_openapi.watch(API_URL, answers=True), FakeGitHub(API_URL, clock=clock).running() as running:
        yield running


def make(clock, pem=None, kinds=("issues", "label")):
    app = AppCredential(4711, pem or make_pem(), MemoryBudgets(clock), {})
    client = app.sign_in_as_app(API_URL, clock)
    return AppDeliveries(client, kinds)


@pytest.fixture
def ledger(fake, clock):
    made = make(clock)
    yield made
    made.close()


def test_answers_are_as_described(fake, ledger):
    """The fake tells of deliveries as GitHub's description says, in lists and one by one."""
    for number in range(101):
        fake.hook.sends("issues", {"action": "opened", "number": number}, guid=f"g{number}")
    listed = list(ledger.list_sent(LONG_AGO))
    assert {"action": "opened", "number": 100} == payload(ledger.find_message(listed[0]))
    assert 101 == len(listed)
    assert [] == github_openapi.take_findings()


def payload(message):
    return json.loads(message.body)


def test_attempts_come_latest_first_back_to_the_moment(fake, ledger, clock):
    """Every attempt by itself, of the kinds that are of use."""
    began = clock()
    for event, guid in (("issues", "a"), ("push", "b"), ("label", "c"), ("issues", "a")):
        fake.hook.sends(event, {}, guid=guid)
        clock.forward(minutes=1)
    first, _, third, fourth = fake.hook.attempts

    def sent(attempt, seconds):
        at = began + timedelta(seconds=seconds)
        return Sent(ref=str(attempt.id), id=attempt.guid, kind=attempt.event, at=at)

    everything = [sent(fourth, 180), sent(third, 120), sent(first, 0)]
    assert everything == list(ledger.list_sent(LONG_AGO))
    assert everything[:2] == list(ledger.list_sent(began + timedelta(minutes=1)))


def test_no_more_pages_are_read_than_the_moment_asks_for(fake, ledger, clock):
    """A hundred on each; the look ends where it is old enough."""
    for _ in range(250):
        fake.hook.sends("issues", {})
    clock.forward(minutes=1)
    fake.hook.sends("issues", {})

    assert 1 == len(list(ledger.list_sent(clock())))
    assert 1 == len(fake.requests)
    assert 251 == len(list(ledger.list_sent(LONG_AGO)))
    assert ["100"] * 4 == [asked.query["per_page"] for asked in fake.requests]


def test_a_message_is_what_was_sent(fake, ledger):
    """With the headers by which it is told what it is about."""
    fake.hook.sends("issues", {"title": "größer", "big": 2**70}, guid="g")
    [sent] = ledger.list_sent(LONG_AGO)
    message = ledger.find_message(sent)

    named = {"x-github-event": "issues", "x-github-delivery": "g", "x-github-hook-id": "7"}
    assert named == message.headers
    assert {"title": "größer", "big": 2**70} == payload(message)
    assert isinstance(message, Message)


@pytest.mark.parametrize("gone", [True, False])
def test_what_was_thrown_away_is_none(fake, ledger, gone):
    """The attempt, or its payload alone."""
    fake.hook.sends("issues", None).gone = gone
    [sent] = ledger.list_sent(LONG_AGO)

    assert ledger.find_message(sent) is None


@pytest.mark.parametrize(
    "text",
    ["1" * 5000, '{"request": ' + "[" * 100_000 + "]" * 100_000 + "}"],
    ids=["a number too long", "too deep"],
)
def test_what_no_reader_takes_is_unreadable(clock, text):
    """Trying again will not help. The judge of answers cannot read it either, so it does not listen."""
    with FakeGitHub(API_URL, clock=clock).running() as fake:
        fake.next_fault(200, body=text)
        made = make(clock)
        with pytest.raises(PayloadError, match="cannot be read"):
            made.find_message(Sent(ref="1", id="g", kind="issues", at=clock()))
        made.close()


@pytest.mark.parametrize("text", ["<html>", "[]", "{}", '{"request": null}'])
def test_what_github_never_says_may_be_said_otherwise_later(fake, ledger, text):
    """A proxy in between answers with a page of its own."""
    fake.hook.sends("issues", {})
    [sent] = ledger.list_sent(LONG_AGO)
    fake.next_fault(200, body=text)

    with pytest.raises(TransientError, match="not the JSON that GitHub promises"):
        ledger.find_message(sent)
    github_openapi.take_findings()


def test_limits_are_obeyed(fake, ledger):
    """GitHub names the time."""
    fake.next_fault(429, headers={"Retry-After": "60"}, body={"message": "slow down"})
    with pytest.raises(LimitedError):
        list(ledger.list_sent(LONG_AGO))


def test_a_key_that_is_none_is_named(fake, clock):
    """Nothing is sent; what to look at is said."""
    made = make(clock, pem="no key")
    with pytest.raises(TransientError, match=r"check github\.private_key"):
        list(made.list_sent(LONG_AGO))
    assert [] == fake.requests


@pytest.mark.parametrize(
    ("statuses", "message"),
    [
        ([], "GitHub remembers no delivery of the App's webhook."),
        ([502, 202], "Of the App's last 2 deliveries 1 did not arrive."),
        ([202, 502, 401], "GitHub could not deliver 2 in a row; the last was answered with 401."),
        ([0], "GitHub could not deliver 1 in a row; the last was answered with nothing."),
    ],
)
def test_whether_deliveries_arrive(fake, ledger, clock, statuses, message):
    """The latest one decides; one page is enough."""
    for status in statuses:
        clock.forward(minutes=1)
        fake.hook.sends("issues", {}, status_code=status)
    [finding] = ledger.examine()
    assert (message, bool(finding.fix)) == (finding.message, "Of the App" not in message)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, f"The secret at {PAGE} is none of github.webhook_secrets"),
        (404, "must end with /webhooks/github"),
        (415, f"content type application/json at {PAGE}."),
        (0, "reaches this server from outside"),
        (502, "reaches this server, and that its secret"),
    ],
)
def test_what_to_do_goes_by_the_answer(fake, ledger, status, words):
    """Who refused it, and why, is in what GitHub was answered."""
    fake.hook.sends("issues", {}, status_code=status)
    [finding] = ledger.examine()
    assert words in finding.fix


def test_what_to_do_where_the_page_is_not_told(fake, ledger):
    """It is said in words."""
    fake.hook.sends("issues", {}, status_code=401)
    fake.next_fault(502, method="GET", skip=1)
    [finding] = ledger.examine()
    assert finding.fix.startswith("The secret in the App's settings is none of")
