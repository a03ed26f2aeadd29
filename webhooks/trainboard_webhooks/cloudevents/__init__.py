"""Alerts of any sender, as CloudEvents 1.0 whose data are what `alert.schema.json` describes.

Source: CloudEvents 1.0, "HTTP Protocol Binding" and "HTTP 1.1 Web Hooks for Event Delivery".
"""

from collections.abc import Iterable, Mapping, Sequence

from trainboard.errors import PayloadError
from trainboard.events import AlertsReported, Event
from trainboard.fingerprints import fingerprint
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.callers import find_bearer
from trainboard_webhooks.cloud_events import Message, read_messages, wrap_binary
from trainboard_webhooks.cloudevents.told import read_alert
from trainboard_webhooks.handshake import answer_options
from trainboard_webhooks.passwords import header_value
from trainboard_webhooks.problem import Answer

NAME = "cloudevents"
NAMED = True
MAX_BODY_BYTES = 1024 * 1024
PROOF: Proof = "password"
FORGIVING = False
BATCHES = "application/cloudevents-batch+json"

_KINDS = {False: "alert", True: "batch"}


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential one of whose secrets the sender gives."""
    del body, now
    return find_bearer(headers, credentials)


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which a sender that knows `secret` posts `body`; what it is about is in the body."""
    del kind, body, delivery_id, now
    return {"Content-Type": "application/cloudevents+json", "Authorization": f"Bearer {header_value(secret)}"}


def greet(method: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
    """The permission to send, for who asks before it does."""
    del body
    return answer_options(headers) if method == "OPTIONS" else None


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """The events together: it is a repetition if all of them are. A binary one is kept as structured."""
    wrapped = wrap_binary(headers, body)
    messages = read_messages(wrapped or body)
    for message in messages:
        _read(message)
    return Identity(
        id=fingerprint(*(part for message in messages for part in message.key)),
        kind=_KINDS[len(messages) > 1],
        entity=NAME,
        body=wrapped,
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """The alerts, in the order in which they are told."""
    del kind
    return [_read(message, door) for message in read_messages(body)]


def _read(message: Message, door: str = NAME) -> AlertsReported:
    if message.data is None:
        raise PayloadError(
            "the event has no data: an alert as alert.schema.json describes it is wanted there"
        )
    group = read_alert(message.data)
    return AlertsReported(door=door, alerts=group.alerts, group_labels=group.labels, at=message.at)
