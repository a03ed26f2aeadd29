"""What no client sends by accident, over the wire to the service itself."""

import json
import socket
import time
from urllib.parse import urlsplit

import pytest

from fakes.conversation import RUNS_SECRET, run
from peers.service import TAKES_RUNS, running_service
from trainboard_webhooks import runs

OTHER_SECRET = "whsec_" + "b3RoZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="
BODY = json.dumps(run()).encode()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One that takes reports of runs."""
    with running_service(tmp_path_factory.mktemp("service"), TAKES_RUNS) as running:
        yield running


def send(service, headers, body=BODY, target="/webhooks/runs"):
    """Post these bytes with these lines of headers; the status of the answer, None for none."""
    parts = urlsplit(service.url)
    lines = [f"POST {target} HTTP/1.1", "Host: bot", "Content-Type: application/json", *headers, "", ""]
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)
        answer = connection.recv(4096)
    return int(answer.split()[1]) if answer else None


def proof(secret, delivery):
    """The lines that sign the body."""
    signed = runs.sign(secret, "run", BODY, delivery, time.time())
    return [f"{name}: {value}" for name, value in signed.items() if name.lower() != "content-type"]


LENGTH = f"Content-Length: {len(BODY)}"
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)


def test_headers_that_are_there_twice_prove_no_more_than_one(service):
    """Not in any order: what one proof lacks is not taken from the other."""
    right, wrong = proof(RUNS_SECRET, "twice"), proof(OTHER_SECRET, "twice")
    signature = next(line for line in right if line.lower().startswith("webhook-signature"))
    others = [line for line in proof(RUNS_SECRET, "else") if not line.lower().startswith("webhook-signature")]
    for lines in (wrong + wrong, [*others, signature], [signature, *others, signature]):
        assert 401 == send(service, [LENGTH, *lines])
    assert 202 == send(service, [LENGTH, *right])
    assert send(service, [LENGTH, *right]) in {200, 202}


def test_a_body_has_one_length(service):
    """Two lengths are refused; beside chunks a length counts for nothing, so that nothing hides behind it."""
    signed = proof(RUNS_SECRET, "length")
    assert 400 == send(service, [LENGTH, f"Content-Length: {len(BODY) + 1}", *signed])
    assert 202 == send(service, ["Content-Length: 3", "Transfer-Encoding: chunked", *signed], CHUNKED)


@pytest.mark.parametrize(
    "line",
    ["X-Long: " + "x" * 1_000_000, "X-\x00: y", "X-Space : y", "X-Folded: a\r\n b"],
    ids=["long", "NUL", "space", "folded"],
)
def test_headers_that_are_none_are_refused(service, line):
    """Before anything of ours looks at them."""
    assert send(service, [LENGTH, line, *proof(OTHER_SECRET, "odd")]) in {400, 401, 431, None}


def test_a_path_leads_nowhere_else(service):
    """No dots, no second slash and no encoding make another address of one, and none leads to a file."""
    signed = proof(RUNS_SECRET, "path")
    for target in ("/webhooks/../webhooks/runs", "/webhooks//runs", "/webhooks/runs%2f..", "/webhooks/runs/"):
        assert 404 == send(service, [LENGTH, *signed], target=target)
    assert send(service, ["Content-Length: 0"], b"", target="/static/../../app.py") in {404, 405}
