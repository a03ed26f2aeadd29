"""Signatures: judged by GitHub's published example and by the Standard Webhooks library."""

import base64
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from trainboard_webhooks.signatures import (
    hub_signature,
    is_hub_signed,
    is_standard_signed,
    standard_key,
    standard_keys,
    standard_signature,
)

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
NOW = 1_768_208_400
BODY = b'{"a": 1}'
SIGNATURE = standard_signature(KEY, "m-1", str(NOW), BODY)


def is_signed(*, message_id="m-1", timestamp=str(NOW), signatures=SIGNATURE, body=BODY, keys=(KEY,), now=NOW):
    return is_standard_signed(message_id, timestamp, signatures, body, keys, now)


def test_github_example():
    """The example of GitHub's documentation comes out."""
    documented = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert documented == hub_signature(b"It's a Secret to Everybody", b"Hello, World!")
    assert is_hub_signed(documented, b"Hello, World!", [b"other", b"It's a Secret to Everybody"])


@pytest.mark.parametrize(
    "signature", [None, "", "sha256=", "sha1=00", "sha256", "é", "\u20ac", "=", "sha256=" + "0" * 64]
)
def test_anything_else_is_not_githubs(signature):
    """A header that is missing, malformed, not ASCII or of another body is False, never an error."""
    assert not is_hub_signed(signature, BODY, [KEY])


def test_standard_example():
    """The example of the Standard Webhooks libraries comes out."""
    key = standard_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == standard_signature(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )


@given(
    st.binary(min_size=1, max_size=64),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
    st.text(),
)
def test_library_believes_us(key, message_id, text):
    """The Standard Webhooks library accepts what we sign."""
    now = int(time.time())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": standard_signature(key, message_id, str(now), text.encode("utf-8", "ignore")),
    }
    Webhook(key).verify(text.encode("utf-8", "ignore"), headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(b"another body", headers, json_parse=False)


@given(st.binary(min_size=1, max_size=64), st.text(st.characters(codec="utf-8")))
def test_we_believe_the_library(key, text):
    """What the library signs is proof, also with a secret that it reads from text."""
    secret = "whsec_" + base64.b64encode(key).decode()
    signature = Webhook(secret).sign("m-1", datetime.fromtimestamp(NOW, UTC), text)
    assert is_signed(signatures=signature, body=text.encode(), keys=[standard_key(secret)])


def test_body_need_not_be_text():
    """Signatures are over bytes, whatever they are."""
    body = b"\xff\x00"
    assert is_signed(signatures=standard_signature(KEY, "m-1", str(NOW), body), body=body)


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": None},
        {"message_id": ""},
        {"message_id": "m-2"},
        {"message_id": "\u20ac"},
        {"timestamp": None},
        {"timestamp": ""},
        {"timestamp": str(NOW + 1)},
        {"timestamp": f"{NOW}.0"},
        {"timestamp": "1e9"},
        {"timestamp": "-1"},
        {"timestamp": " 1"},
        {"timestamp": "\u0661" * 10},
        {"timestamp": "9" * 5000},
        {"signatures": None},
        {"signatures": ""},
        {"signatures": "v1,"},
        {"signatures": "v1"},
        {"signatures": SIGNATURE.replace("v1,", "v2,")},
        {"signatures": SIGNATURE.replace("v1,", "")},
        {"signatures": SIGNATURE[:-1]},
        {"signatures": SIGNATURE + "é"},
        {"signatures": SIGNATURE + "\u20ac"},
        {"signatures": "v1,x " * 16 + SIGNATURE},
        {"body": BODY + b" "},
        {"keys": []},
        {"keys": [b"other"]},
    ],
    ids=repr,
)
def test_anything_else_is_no_proof(change):
    """A part that is missing, malformed, not ASCII or of another message is False, never an error."""
    assert is_signed()
    assert not is_signed(**change)


def test_empty_key_is_no_proof():
    """An empty secret is believed by nobody."""
    assert not is_signed(signatures=standard_signature(b"", "m-1", str(NOW), BODY), keys=[b""])
    assert not is_hub_signed(hub_signature(b"", BODY), BODY, [b""])


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(300, True), (301, False), (-300, True), (-301, False), (0.5, True)]
)
def test_window_is_300_seconds_both_ways(seconds, fresh):
    """A message that is older, or from further in the future, is no proof."""
    assert fresh == is_signed(now=NOW + seconds)


def test_senders_and_receivers_rotate():
    """One of several signatures and one of several keys are enough."""
    assert is_signed(signatures=f"v1,AAAA v1a,BBBB {SIGNATURE}", keys=[b"new", KEY])


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_ä", "whsec_a", "whsec_AA AA", base64.b64encode(KEY).decode(), "plain"]
)
def test_secret_of_another_form_is_refused(secret):
    """A secret is whsec_ and base64; the error says how to make one, and checks skip it."""
    with pytest.raises(ValueError, match="openssl rand"):
        standard_key(secret)
    assert [KEY] == standard_keys([secret, SECRET])
