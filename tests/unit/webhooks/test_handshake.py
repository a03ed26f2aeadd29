"""Who asks before it sends is answered if it is known, and nothing is fetched for it."""

import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from fakes.entra import bearer, key_set, trust
from fakes.senders import NOW, Inbox
from trainboard_webhooks import Credential, event_grid
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.receive import Receiver
from trainboard_webhooks.signing_keys import SigningKeys

VALIDATION = (
    Path(event_grid.__file__).parent
    / "fixtures/Microsoft.EventGrid.SubscriptionValidationEvent__handshake.json"
).read_bytes()
SECRET = "letters-and-digits"
ASKS = {"WebHook-Request-Origin": "eventgrid.azure.net", "WebHook-Request-Rate": "120"}


class Asked:
    """A client of a gate with one source, and what came in."""

    def __init__(self, name="event-grid", **credential):
        self.inbox = Inbox()
        self.seen = []
        known = Credential("ws", (SECRET,), **credential)
        receiver = Receiver(
            {name: [known]}, clock=lambda: NOW, observe=lambda _door, outcome, _: self.seen.append(outcome)
        )
        self.client = Client(Gate(receiver, self.inbox.accept, NotFound()))
        self.address = f"/webhooks/{name}/ws"

    def post(self, body, query=f"secret={SECRET}", **headers):
        return self.client.post(
            f"{self.address}?{query}", data=body, content_type="application/json", headers=headers
        )

    def options(self, query=f"secret={SECRET}", **headers):
        return self.client.options(f"{self.address}?{query}", headers=ASKS | headers)


def test_validation_is_answered_and_not_stored():
    """Event Grid wants its code back with 200; what it also names is for the operator."""
    asked = Asked()
    with capture_logs() as logs:
        answer = asked.post(VALIDATION)
    assert (200, {"validationResponse": "code-1234"}) == (answer.status_code, answer.json)
    assert ([], ["greeting"]) == (asked.inbox.deliveries, asked.seen)
    assert [json.loads(VALIDATION)[0]["data"]["validationUrl"]] == [log["by_hand"] for log in logs]


@pytest.mark.parametrize("query", ["", "secret=", "secret=wrong"])
def test_strangers_are_not_greeted(query):
    """Whoever lacks the secret gets no code back, and no permission."""
    asked = Asked()
    assert [401, 401] == [asked.post(VALIDATION, query).status_code, asked.options(query).status_code]
    assert ["unauthorized"] * 2 == asked.seen


@pytest.mark.parametrize("name", ["event-grid", "cloudevents"])
def test_permission_is_given_to_who_asks(name):
    """An abuse protection request gets its origin and its rate back."""
    asked = Asked(name)
    answer = asked.options()
    assert (200, b"") == (answer.status_code, answer.data)
    assert ("eventgrid.azure.net", "120") == (
        answer.headers["WebHook-Allowed-Origin"],
        answer.headers["WebHook-Allowed-Rate"],
    )
    assert ["greeting"] == asked.seen


@pytest.mark.parametrize("origin", ["", "a b", "é", "https://x", "x" * 300])
def test_a_question_without_a_name_is_no_question(origin):
    """It is a method that is not known here, as for everybody else."""
    answer = Asked().options(**{"WebHook-Request-Origin": origin})
    assert (405, None) == (answer.status_code, answer.headers.get("WebHook-Allowed-Origin"))


@pytest.mark.parametrize("rate", ["", "0", "-1", "1e9", "x"])
def test_a_rate_that_is_none_is_any(rate):
    """What is no rate is not given back."""
    assert "*" == Asked().options(**{"WebHook-Request-Rate": rate}).headers["WebHook-Allowed-Rate"]


@pytest.mark.parametrize(
    "data",
    [{}, {"validationCode": 5}, {"validationCode": None}, {"validationCode": "x", "validationUrl": {}}],
)
def test_a_validation_without_a_code_is_refused(data):
    """Nothing is made up."""
    [event] = json.loads(VALIDATION)
    assert 400 == Asked().post(json.dumps([{**event, "data": data}])).status_code


def test_other_sources_do_not_greet():
    """A source that nobody asks knows no OPTIONS."""
    assert 405 == Asked("evidently").options().status_code


def test_an_unknown_key_is_not_waited_for():
    """A token whose key is not known yet is answered with 503 at once; the next one is stored."""
    tasks = []
    keys = SigningKeys(lambda: key_set("key-1"), spawn=tasks.append)
    asked = Asked(entra=trust(keys))
    body = json.dumps(json.loads(VALIDATION)).replace("SubscriptionValidationEvent", "Other")
    answer = asked.post(body, "", Authorization=bearer())
    assert (503, "5", []) == (answer.status_code, answer.headers["Retry-After"], asked.inbox.deliveries)
    tasks.pop()()
    assert 202 == asked.post(body, "", Authorization=bearer()).status_code
    assert ["unavailable", "stored"] == asked.seen


def test_batches_have_a_content_type_of_their_own():
    """A batch of CloudEvents is taken by who takes batches, and by nobody else."""
    body = (Path(event_grid.__file__).parents[1] / "cloudevents/fixtures/batch__two.json").read_bytes()
    found = []
    for name in ("cloudevents", "event-grid", "evidently"):
        content_type = "application/cloudevents-batch+json; charset=utf-8"
        headers = {"X-Trainboard-Secret": SECRET, "Content-Type": content_type}
        found.append(Asked(name).client.post(f"/webhooks/{name}/ws", data=body, headers=headers).status_code)
    assert [202, 202, 415] == found
