"""Automations of W&B: who is believed, and how little that lets anybody do."""

import base64
import hashlib
import hmac
import json

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from fakes.senders import NOW, Inbox
from trainboard_webhooks import Credential, wandb
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.receive import Receiver

SECRET = "a secret"
BODY = json.dumps({"event": "RUN_STATE", "project": "churn"}).encode()
MAC = hmac.digest(SECRET.encode(), BODY, hashlib.sha256)
KNOWN = [Credential("prod", ("an old one", SECRET))]


@pytest.mark.parametrize(
    "signature",
    [base64.b64encode(MAC).decode(), MAC.hex(), MAC.hex().upper(), f"sha256={MAC.hex()}", f" {MAC.hex()} "],
)
def test_each_way_to_write_a_signature_is_known(signature):
    """In base64 as the documentation has it, and in digits as others read it."""
    assert KNOWN[0] == wandb.verify({"x-wandb-signature": signature}, BODY, KNOWN, NOW)
    assert wandb.verify({"x-wandb-signature": signature}, BODY + b" ", KNOWN, NOW) is None


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        MAC.hex()[:-1],
        MAC.hex()[:-2],
        "z" * 64,
        base64.b64encode(MAC[:-1]).decode(),
        base64.b64encode(hmac.digest(b"", BODY, "sha256")).decode(),
        "é" * 64,
        "\u20ac",
    ],
)
def test_another_signature_proves_nothing(signature):
    """Nor does a token beside a signature that is wrong."""
    headers = {"x-wandb-signature": signature, "authorization": f"Bearer {SECRET}"}
    assert wandb.verify(headers, BODY, KNOWN, NOW) is None


def test_an_access_token_is_enough():
    """W&B sends one where the webhook has one and no secret."""
    assert KNOWN[0] == wandb.verify({"authorization": f"Bearer {SECRET}"}, BODY, KNOWN, NOW)
    assert wandb.verify({"authorization": "Bearer other"}, BODY, KNOWN, NOW) is None


def test_who_sends_an_old_body_again_is_heard_once_a_minute():
    """There is no time in it; all it does is make the bot look."""
    now, inbox = [NOW], Inbox()
    client = Client(Gate(Receiver({"wandb": KNOWN}, clock=lambda: now[0]), inbox.accept, NotFound()))
    for seconds in (0, 1, 59, 120):
        now[0] = NOW - NOW % 60 + seconds
        headers = {"X-Wandb-Signature": MAC.hex()}
        answer = client.post(
            "/webhooks/wandb/prod", data=BODY, headers=headers, content_type="application/json"
        )
        assert 202 == answer.status_code
    assert 2 == len({delivery.id for delivery in inbox.deliveries})


@pytest.mark.parametrize("event", [5, None, "", "x" * 5000, "RUN_STATE"])
def test_any_event_is_a_hint(event):
    """Its name is cut, and may lack; what it cannot be is a number."""
    body = json.dumps({"event": event}).encode()
    if event == 5:
        with pytest.raises(ValueError, match="text"):
            wandb.identify({}, body)
        return
    assert len(wandb.identify({}, body).kind) <= 100
    assert ["wandb/prod"] == [each.door for each in wandb.parse("wandb/prod", "event", body)]
