"""CloudEvents 1.0 over HTTP: structured, in batches and binary, and the same of Event Grid's own schema.

Source: CloudEvents 1.0, "HTTP Protocol Binding" and "JSON Event Format"; Microsoft, "Azure Event Grid event
schema".
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote_to_bytes

import msgspec

from trainboard.errors import PayloadError
from trainboard_webhooks.members import find_shown, find_time
from trainboard_webhooks.payload import Payload, parse_json, shorten

MOST_EVENTS = 5_000

_ATTRIBUTES = ("id", "source", "type", "subject", "time", "dataschema")
_VERSION = "1.0"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `source` and `id` tell it from all others; `at` is None if it does not say when it was."""

    id: str
    source: str
    type: str
    subject: str
    at: datetime | None
    data: Payload | None

    @property
    def key(self) -> tuple[str, str]:
        """What a repetition has too."""
        return self.source, self.id


def wrap_binary(headers: Mapping[str, str], body: bytes) -> bytes | None:
    """The structured form of a binary event, None for what has no `ce-` headers.

    Raises:
        PayloadError: a header is not percent-encoded UTF-8, or the body is not JSON.
    """
    if "ce-specversion" not in headers:
        return None
    attributes = {"specversion": _decode_header(headers, "ce-specversion")}
    for name in _ATTRIBUTES:
        if f"ce-{name}" in headers:
            attributes[name] = _decode_header(headers, f"ce-{name}")
    data = {"data": parse_json(body)} if body.strip() else {}
    return msgspec.json.encode({**attributes, **data})


def _decode_header(headers: Mapping[str, str], name: str) -> str:
    value = headers[name]
    try:
        text = unquote_to_bytes(value.encode("ascii")).decode()
    except UnicodeError:
        raise PayloadError(f"the header {name} is not percent-encoded UTF-8") from None
    if not text.isprintable():
        raise PayloadError(f"the header {name} holds characters that are not printable")
    return text


def read_messages(body: bytes, *, grid: bool = False) -> list[Message]:
    """The events of a body, one or a batch, each once however often it is in it.

    Args:
        body: structured.
        grid: also events of Event Grid's own schema.

    Raises:
        PayloadError: there is none, there are more than 5,000, or one is no event.
    """
    value = parse_json(body)
    whole = Payload(value)
    items = list(whole) if isinstance(value, list) else [whole]
    if not 0 < len(items) <= MOST_EVENTS:
        raise PayloadError(f"the body holds {len(items)} events; it must be 1 to {MOST_EVENTS}")
    messages = (_message(item, grid=grid) for item in items)
    return list({message.key: message for message in messages}.values())


def _message(item: Payload, *, grid: bool) -> Message:
    if grid and item.find("eventType") is not None:
        return Message(
            id=_required(item, "id"),
            source=find_shown(item, "topic"),
            type=_required(item, "eventType"),
            subject=find_shown(item, "subject"),
            at=find_time(item, "eventTime"),
            data=item.find("data"),
        )
    version = _required(item, "specversion")
    if version != _VERSION:
        raise PayloadError(f"{item.path}.specversion is {shorten(version, 20)}; only {_VERSION} is known")
    return Message(
        id=_required(item, "id"),
        source=_required(item, "source"),
        type=_required(item, "type"),
        subject=_find_text(item, "subject"),
        at=item["time"].time() if item.find("time") is not None else None,
        data=_data(item),
    )


def _required(item: Payload, name: str) -> str:
    text = item[name].text()
    if not text:
        raise PayloadError(f"{item.path}.{name} is empty")
    return text


def _find_text(item: Payload, name: str) -> str:
    member = item.find(name)
    return member.text() if member is not None else ""


def _data(item: Payload) -> Payload | None:
    encoded = item.find("data_base64")
    if encoded is None:
        return item.find("data")
    try:
        data = base64.b64decode(encoded.text(), validate=True)
    except (binascii.Error, ValueError):
        raise PayloadError(f"{encoded.path} is not base64") from None
    return Payload(parse_json(data), encoded.path)
