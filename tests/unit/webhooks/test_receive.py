"""A request at a webhook's address: what is refused, in which order, and what is stored."""

import io
import json
from collections.abc import Mapping

import msgspec
import pytest
from structlog.testing import capture_logs
from werkzeug.exceptions import NotFound
from werkzeug.test import Client
from werkzeug.wrappers import Response

from fakes.gates import GATES
from fakes.senders import NOW, SECRETS, SENDERS, Inbox, Sender
from trainboard.deliveries import Acceptance, Delivery
from trainboard.errors import LimitedError, TransientError
from trainboard_webhooks import Credential, sources
from trainboard_webhooks.gate import _Headers
from trainboard_webhooks.receive import Receiver

RUN = json.dumps(
    {"source": "cli:laptop", "run": {"id": "1", "status": "running"}, "experiment": {"name": "churn"}}
).encode()
ISSUE = json.dumps(
    {"action": "opened", "issue": {"number": 5}, "repository": {"full_name": "acme/churn"}}
).encode()
SENDER = SENDERS["runs"]
GITHUB = SENDERS["github"]
CREDENTIALS = {name: [sender.credential] for name, sender in SENDERS.items()}


@pytest.fixture(autouse=True, params=GATES.values(), ids=GATES)
def gate(request, monkeypatch):
    """Every test goes through the gate of WSGI servers, and through the one on an event loop."""
    monkeypatch.setattr(Wire, "gate", staticmethod(request.param))


class Wire:
    """A receiver behind its gate, with an inbox and what was observed."""

    gate = None

    def __init__(self, answer=Acceptance.STORED, credentials: Mapping = CREDENTIALS, now=NOW):
        self.inbox = Inbox(answer)
        self.seen = []
        receiver = Receiver(
            credentials,
            clock=lambda: now,
            observe=lambda door, outcome, _: self.seen.append((door, str(outcome))),
        )
        self.client = Client(self.gate(receiver, self.inbox.accept, NotFound()))

    def post(self, sender=SENDER, body=RUN, kind="run", headers=(), address=None, **more):
        signed = {**sender.headers(kind, body), **dict(headers)}
        signed = {name: value for name, value in signed.items() if value is not None}
        return self.client.post(address or sender.address, data=body, headers=signed, **more)

    def refused(self, answer):
        """The status of a refusal that is told as a problem and stored nothing."""
        assert "application/problem+json" == answer.content_type
        assert [] == self.inbox.deliveries
        assert answer.status_code == answer.json["status"]
        assert {"type", "title", "status", "detail"} == answer.json.keys()
        return answer.status_code


@pytest.mark.parametrize(
    ("acceptance", "status"),
    [
        (Acceptance.STORED, 202),
        (Acceptance.IN_PROGRESS, 202),
        (Acceptance.DUPLICATE, 200),
        (Acceptance.AGAIN, 202),
    ],
)
def test_inbox_decides_the_answer(acceptance, status):
    """What is new, worked on or worked on again is 202; what is done is 200."""
    wire = Wire(acceptance)
    answer = wire.post()
    assert (status, "application/json") == (answer.status_code, answer.content_type)
    assert {"status": acceptance.value, "delivery": "delivery-1"} == answer.json
    assert [("runs", acceptance.value)] == wire.seen


def test_delivery_is_stored_as_it_came():
    """A delivery has the door, the id of the sender, kind, entity and the raw body."""
    wire = Wire()
    wire.post()
    wire.post(GITHUB, ISSUE, "issues")
    assert [
        Delivery(source="runs/ci", id="delivery-1", kind="run", entity="runs/cli:laptop/churn", body=RUN),
        Delivery(
            source="github",
            id="delivery-1",
            kind="issues",
            entity="github:acme/churn#5",
            body=ISSUE,
            event_key=sources()["github"].identify({"x-github-event": "issues"}, ISSUE).event_key,
            hook="repository",
        ),
    ] == wire.inbox.deliveries


def test_ping_is_a_greeting():
    """GitHub's ping is answered with 200 and not stored."""
    wire = Wire()
    answer = wire.post(GITHUB, b'{"zen": "Keep it simple.", "hook_id": 1}', "ping")
    assert (200, {"status": "greeting"}, []) == (answer.status_code, answer.json, wire.inbox.deliveries)
    assert [("github", "greeting")] == wire.seen


@pytest.mark.parametrize(
    "address",
    [
        "/webhooks/gitlab",
        "/webhooks/github/acme",
        "/webhooks/mlflow",
        "/webhooks/mlflow/dev",
        "/webhooks/runs/ci",
        "/webhooks/a/b/c",
        "/webhooks/%E2%82%AC",
    ],
)
def test_unknown_address_is_404(address):
    """A source or a name that is not configured has no address, whoever asks."""
    wire = Wire()
    assert 404 == wire.refused(wire.post(address=address))
    assert [("", "unknown source")] == wire.seen


def test_source_without_credentials_is_404():
    """A source that nobody can prove to be has no address."""
    assert 404 == Wire(credentials={"runs": []}).post().status_code


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_405(method):
    """Only POST delivers."""
    wire = Wire()
    answer = wire.client.open(SENDER.address, method=method)
    assert (405, "POST") == (answer.status_code, answer.headers["Allow"])
    assert [("runs", "wrong method")] == wire.seen


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/cloudevents-batch+json",
        "é",
    ],
)
def test_other_content_types_are_415(content_type):
    """What is not JSON is refused with a sentence that says what to set."""
    wire = Wire()
    answer = wire.post(GITHUB, ISSUE, "issues", headers={"Content-Type": content_type})
    assert 415 == wire.refused(answer)
    assert "Set the content type of the webhook to application/json." == answer.json["detail"]
    assert [("github", "wrong content type")] == wire.seen


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "APPLICATION/JSON ; charset=UTF-8",
        "application/json; charset=bogus",
        'application/json; charset="',
        "application/cloudevents+json",
    ],
)
def test_json_types_are_taken(content_type):
    """JSON has one encoding, so that a charset, even one that does not exist, says nothing."""
    assert 202 == Wire().post(headers={"Content-Type": content_type}).status_code


class Body(io.RawIOBase):
    """An endless body that counts what was read of it, in pieces of odd size."""

    def __init__(self, error_after=None):
        self.taken = 0
        self.error_after = error_after

    def read(self, size=-1):
        assert size > 0
        if self.error_after is not None and self.taken >= self.error_after:
            raise ConnectionResetError
        self.taken += min(size, 1000)
        return b" " * min(size, 1000)


@pytest.mark.parametrize("size_bytes", [30 * 1024 * 1024, 25 * 1024 * 1024 + 1, 10**14])
def test_declared_size_is_refused_unread(size_bytes):
    """A body whose Content-Length is over the limit is refused without reading one byte of it."""
    wire, body = Wire(), Body()
    answer = wire.client.post(
        GITHUB.address,
        headers=GITHUB.headers("issues", b""),
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(size_bytes)},
    )
    assert (413, 0) == (wire.refused(answer), body.taken)
    assert "The body is larger than 26214400 bytes." == answer.json["detail"]
    assert [("github", "too large")] == wire.seen


def test_chunked_body_is_read_up_to_the_limit():
    """A body without Content-Length is read to the limit and no further."""
    wire, body = Wire(), Body()
    answer = wire.client.post(
        SENDER.address,
        headers=SENDER.headers("run", b""),
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert 413 == wire.refused(answer)
    assert 256 * 1024 < body.taken <= 256 * 1024 + 1000


def test_chunked_body_within_the_limit_is_taken():
    """A body without Content-Length is stored where the server says that its stream ends."""
    wire = Wire()
    environ = {"wsgi.input": io.BytesIO(RUN), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = wire.client.post(SENDER.address, headers=SENDER.headers("run", RUN), environ_overrides=environ)
    assert (202, RUN) == (answer.status_code, wire.inbox.deliveries[0].body)


def test_stream_without_an_end_is_not_read():
    """Without Content-Length and without the server's promise the body counts as empty."""
    wire, body = Wire(), Body()
    environ = {"wsgi.input": body, "wsgi.input_terminated": False, "CONTENT_LENGTH": ""}
    answer = wire.client.post(SENDER.address, headers=SENDER.headers("run", RUN), environ_overrides=environ)
    assert (401, 0) == (wire.refused(answer), body.taken)


@pytest.mark.parametrize("length", ["-1", "abc", "1.0", "\u0661", "9" * 5000, "1,1"])
def test_content_length_that_is_no_number_is_400(length):
    """A length that cannot be read is refused."""
    wire = Wire()
    environ = {"wsgi.input": Body(), "CONTENT_LENGTH": length}
    answer = wire.client.post(SENDER.address, headers=SENDER.headers("run", RUN), environ_overrides=environ)
    assert 400 == wire.refused(answer)


@pytest.mark.parametrize("stream", [io.BytesIO(RUN), Body(error_after=1000)], ids=["ended", "reset"])
def test_body_that_ends_early_is_400(stream):
    """A sender that hangs up before the end has delivered nothing."""
    wire = Wire()
    environ = {"wsgi.input": stream, "CONTENT_LENGTH": "5000"}
    answer = wire.client.post(SENDER.address, headers=SENDER.headers("run", RUN), environ_overrides=environ)
    assert 400 == wire.refused(answer)
    assert "The body ended before its Content-Length." == answer.json["detail"]
    assert [("runs", "broken off")] == wire.seen


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        (Sender(source="runs", secret="whsec_b3RoZXI="), {}),
        (SENDER, {"webhook-signature": None}),
        (SENDER, {"webhook-signature": "v1,é"}),
        (SENDER, {"webhook-signature": "v1"}),
        (SENDER, {"webhook-timestamp": str(int(NOW) - 301)}),
        (SENDER, {"webhook-timestamp": "now"}),
        (SENDER, {"webhook-id": "another"}),
        (GITHUB, {"X-Hub-Signature-256": None}),
        (GITHUB, {"X-Hub-Signature-256": "sha256"}),
        (GITHUB, {"X-Hub-Signature-256": "sha256=é"}),
        (SENDERS["mlflow"], {"X-MLflow-Signature": None}),
        (Sender(source="mlflow", name="prod", secret="wrong"), {}),
    ],
)
def test_who_proves_nothing_is_401(sender, headers):
    """Wrong, missing, malformed and non-ASCII proofs get the same answer, and nothing is stored."""
    wire = Wire()
    answer = wire.post(sender, headers=headers)
    assert 401 == wire.refused(answer)
    assert "HMAC-SHA256" == answer.headers["WWW-Authenticate"]
    assert (
        "The signature is missing, wrong or too old; check the secret and the sender's clock."
        == answer.json["detail"]
    )
    assert [(sender.address.removeprefix("/webhooks/"), "unauthorized")] == wire.seen


@pytest.mark.parametrize(("seconds", "status"), [(300, 202), (301, 401), (-300, 202), (-301, 401)])
def test_clock_decides_the_window(seconds, status):
    """A delivery is believed for five minutes, by the receiver's clock."""
    assert status == Wire(now=NOW + seconds).post().status_code


def test_unauthenticated_body_is_not_looked_at():
    """Who proves nothing learns nothing about the body: 401 comes before 400."""
    wire = Wire()
    assert 401 == wire.refused(wire.post(body=b"no JSON", headers={"webhook-signature": "v1,"}))


@pytest.mark.parametrize(
    ("sender", "kind", "body", "detail"),
    [
        (SENDER, "run", RUN.replace(b'"run": {', b'"run": {"foo": 1, '), 'unknown key "foo" at $.run'),
        (
            SENDER,
            "run",
            RUN.replace(b'"1"', b"NaN"),
            "the body holds NaN, which JSON does not have: write null",
        ),
        (GITHUB, "issues", b"[]", "$: expected `object`, got `array`"),
        (GITHUB, "Issues!", ISSUE, "the header X-GitHub-Event is missing or no name of an event"),
        (SENDERS["mlflow"], "", b'{"entity": "model"}', "$.action is missing"),
    ],
)
def test_body_that_breaks_its_promise_is_400(sender, kind, body, detail):
    """A verified body of another shape is refused with what is wrong and where."""
    wire = Wire()
    answer = wire.post(sender, body, kind)
    assert (400, detail) == (wire.refused(answer), answer.json["detail"])
    assert [(sender.address.removeprefix("/webhooks/"), "malformed")] == wire.seen


@pytest.mark.parametrize("delivery_id", ["", "x" * 257, "é", "a\tb", "a\x7f"])
def test_delivery_id_is_bounded(delivery_id):
    """The id of a delivery is short and printable, also from a sender who proved to be known."""
    wire = Wire()
    answer = wire.post(GITHUB, ISSUE, "issues", headers={"X-GitHub-Delivery": delivery_id})
    assert 400 == wire.refused(answer)
    assert "The delivery's id must be 1 to 256 printable ASCII characters." == answer.json["detail"]


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (TransientError("busy"), "5"),
        (TransientError("busy", retry_after_seconds=0.2), "1"),
        (LimitedError("full", retry_after_seconds=30), "30"),
    ],
)
def test_full_inbox_is_503(error, seconds):
    """What could not be stored is to be sent again, and when."""
    wire = Wire(error)
    answer = wire.post()
    assert (503, seconds) == (wire.refused(answer), answer.headers["Retry-After"])
    assert [("runs", "unavailable")] == wire.seen


def test_two_senders_at_one_address():
    """Where sources share an address, the secret decides the door; either may rotate its secrets."""
    nightly = Sender(source="runs", name="nightly", secret="whsec_bmlnaHRseQ==")
    credentials = [
        Credential("ci", ("whsec_bmV3", SECRETS["runs"])),
        Credential("nightly", ("whsec_b2xk", nightly.secret)),
    ]
    wire = Wire(credentials={"runs": credentials})
    secrets = ["whsec_bmV3", SECRETS["runs"], "whsec_b2xk", nightly.secret]
    for secret in secrets:
        assert 202 == wire.post(Sender(source="runs", secret=secret)).status_code
    assert ["runs/ci", "runs/ci", "runs/nightly", "runs/nightly"] == [d.source for d in wire.inbox.deliveries]


def test_named_source_believes_its_own_secret_only():
    """The secret of one tracker opens no other tracker's address."""
    dev = Sender(source="mlflow", name="dev", secret="dev secret")
    wire = Wire(credentials={"mlflow": [SENDERS["mlflow"].credential, dev.credential]})
    body = b'{"entity": "model_version", "action": "created", "data": {"name": "churn"}}'
    assert 401 == wire.refused(wire.post(dev, body, address="/webhooks/mlflow/prod"))
    assert 202 == wire.post(dev, body).status_code
    assert ["mlflow/dev"] == [delivery.source for delivery in wire.inbox.deliveries]


class TestForgiving:
    """A sender that gives up on a hook which is refused: Azure DevOps."""

    SENDER = SENDERS["azure-devops"]
    PUSH = json.dumps(
        {
            "subscriptionId": "12121212-3434-4343-8787-565656565656",
            "notificationId": 17,
            "eventType": "git.push",
            "resource": {"repository": {"id": "r"}, "pushId": 1},
            "resourceContainers": {"collection": {"baseUrl": "https://dev.azure.com/acme/"}},
        }
    ).encode()

    def post(self, wire, **more):
        answer = wire.post(self.SENDER, **{"body": self.PUSH} | more)
        return answer.status_code, answer.json.get("status"), len(wire.inbox.deliveries)

    @pytest.mark.parametrize(
        ("acceptance", "status"),
        [
            (Acceptance.STORED, 202),
            (Acceptance.IN_PROGRESS, 202),
            (Acceptance.DUPLICATE, 200),
            (Acceptance.AGAIN, 202),
        ],
    )
    def test_what_is_stored_is_answered_as_everywhere(self, acceptance, status):
        """The answer says what the inbox made of it."""
        assert (status, acceptance.value, 1) == self.post(Wire(acceptance))

    @pytest.mark.parametrize(
        "more",
        [
            {"body": b"no JSON"},
            {"body": b"[]"},
            {"body": b"{}"},
            {"body": PUSH.replace(b"17", b'"x"')},
            {"headers": {"Content-Type": "text/plain"}},
            {"headers": {"Content-Type": None}},
            {"environ_overrides": {"CONTENT_LENGTH": str(26 * 1024 * 1024)}},
            {"environ_overrides": {"CONTENT_LENGTH": "x"}},
        ],
    )
    def test_what_cannot_be_used_is_ignored(self, more):
        """It is no success, but sending it again would not help."""
        wire = Wire()
        assert (200, "ignored", 0) == self.post(wire, **more)
        assert [("azure-devops", "ignored")] == wire.seen

    @pytest.mark.parametrize("answer", [TransientError("busy"), RuntimeError("a bug of ours")])
    def test_what_is_not_stored_is_to_be_sent_again(self, answer):
        """Also where a bug of ours is in the way."""
        wire = Wire(answer)
        assert (503, 503, 0) == self.post(wire)
        assert [("azure-devops", "unavailable")] == wire.seen

    def test_half_a_body_is_to_be_sent_again(self):
        """Nobody knows what it was."""
        wire = Wire()
        assert (503, 503, 0) == self.post(wire, environ_overrides={"CONTENT_LENGTH": "5000"})
        assert [("azure-devops", "unavailable")] == wire.seen

    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"body": b"no JSON"},
            {"headers": {"Content-Type": "text/plain"}},
            {"environ_overrides": {"CONTENT_LENGTH": str(26 * 1024 * 1024)}},
            {"environ_overrides": {"CONTENT_LENGTH": "5000"}},
        ],
    )
    def test_a_stranger_learns_nothing(self, more):
        """Without the password every delivery is answered with 401."""
        wire = Wire()
        headers = {**more.pop("headers", {}), "X-Trainboard-Secret": "wrong"}
        answer = wire.post(self.SENDER, **{"body": self.PUSH} | more, headers=headers)
        assert 401 == wire.refused(answer)
        assert 'Basic realm="trainboard"' == answer.headers["WWW-Authenticate"]
        assert [("azure-devops", "unauthorized")] == wire.seen

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_other_methods_are_405(self, method):
        """They are no deliveries."""
        headers = self.SENDER.headers("git.push", b"")
        assert 405 == Wire().client.open(self.SENDER.address, method=method, headers=headers).status_code

    @pytest.mark.parametrize(
        ("hooks", "expected"),
        [
            ({"12121212-3434-4343-8787-565656565656"}, (202, "stored", 1)),
            ({"34343434-5656-4565-8787-787878787878"}, (200, "ignored", 0)),
            (set(), (202, "stored", 1)),
        ],
    )
    def test_hooks_may_be_named(self, hooks, expected):
        """What comes through another hook is not stored, whoever knows the password."""
        credential = msgspec.structs.replace(self.SENDER.credential, hooks=frozenset(hooks))
        assert expected == self.post(Wire(credentials={"azure-devops": [credential]}))


def test_what_lies_elsewhere_is_the_applications():
    """The gate takes its own addresses only."""
    gate = Wire.gate(Receiver(CREDENTIALS), Inbox().accept, Response("a page"))
    assert ["a page", "a page"] == [Client(gate).get(path).text for path in ("/", "/webhooks")]
    assert 404 == Client(gate).post("/webhooks/nothing").status_code


def test_head_gets_no_body():
    """HTTP allows none there."""
    answer = Wire().client.head(SENDER.address)
    assert (405, b"") == (answer.status_code, answer.data)


def test_a_bug_at_the_door_sends_the_delivery_back():
    """What is not stored must come again, whoever is to blame."""
    wire = Wire(RuntimeError("the secret is 42"))
    with capture_logs() as lines:
        answer = wire.post()
    assert (503, "5") == (wire.refused(answer), answer.headers["Retry-After"])
    assert "42" not in answer.text
    assert ["a delivery could not be taken"] == [line["event"] for line in lines]
    assert [("runs", "unavailable")] == wire.seen


def test_headers_are_those_of_the_request():
    """By their names in lower case; an empty content type is none."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "2",
        "HTTP_X_GITHUB_EVENT": "push",
        "SERVER_NAME": "here",
        "wsgi.input": io.BytesIO(b"{}"),
    }
    assert {"content-length": "2", "x-github-event": "push"} == dict(_Headers(environ))
    assert 2 == len(_Headers(environ))


def test_sources_are_found_by_their_folders():
    """The three sources are there."""
    assert {"github", "mlflow", "runs"} <= sources().keys()
