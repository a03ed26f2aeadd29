"""CloudEvents 1.0 over HTTP: what makes an event, and headers that are percent-encoded once."""

import json

import pytest

from trainboard.errors import PayloadError
from trainboard_webhooks.cloud_events import read_messages, wrap_binary

EVENT = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
BINARY = {f"ce-{name}": value for name, value in EVENT.items()}


def read(body):
    return read_messages(json.dumps(body).encode())


def test_optional_attributes_may_be_missing():
    """Four attributes make an event."""
    [message] = read(EVENT)
    assert (("/s", "1"), "t", "", None, None) == (
        message.key,
        message.type,
        message.subject,
        message.at,
        message.data,
    )


@pytest.mark.parametrize(
    "event",
    [
        *({name: value for name, value in EVENT.items() if name != missing} for missing in EVENT),
        *({**EVENT, name: value} for name in EVENT for value in ("", None, 1, [])),
        {**EVENT, "specversion": "0.3"},
        {**EVENT, "time": "yesterday"},
        {**EVENT, "subject": 5},
        {**EVENT, "data_base64": "%"},
        {**EVENT, "data_base64": "é"},
        {**EVENT, "data_base64": "AAAA"},
        {**EVENT, "data_base64": {}},
        {**EVENT, "eventType": "t", "specversion": None},
    ],
)
def test_what_is_no_event_is_refused(event):
    """An attribute that is missing, empty or of another kind, and data that cannot be read, are refused."""
    with pytest.raises(PayloadError):
        read(event)


def test_headers_are_decoded_once():
    """A percent sign that is encoded stays one."""
    wrapped = wrap_binary({**BINARY, "ce-subject": "Euro%20%E2%82%AC%2520"}, b'{"a": 1}')
    [message] = read_messages(wrapped)
    assert "Euro €%20" == message.subject
    assert ["a"] == message.data.keys()


@pytest.mark.parametrize("value", ["%FF", "%C0%AF", "é", "a%00b", "a%0Ab", "%E2%80%AE"])
def test_headers_that_are_no_text_are_refused(value):
    """Neither other encodings nor control characters come in by a header."""
    with pytest.raises(PayloadError):
        wrap_binary({**BINARY, "ce-subject": value}, b"{}")


def test_an_event_without_data_has_none():
    """An empty body is no data, and a body that is no JSON is refused."""
    assert [None] == [message.data for message in read_messages(wrap_binary(BINARY, b""))]
    with pytest.raises(PayloadError):
        wrap_binary(BINARY, b"<xml/>")


def test_what_has_no_such_headers_is_not_binary():
    """A structured event is left as it is."""
    assert wrap_binary({"content-type": "application/cloudevents+json"}, b"{}") is None
