"""Events of Azure Event Grid, in its own schema or as CloudEvents; those of Azure Machine Learning are read.

Source: Microsoft, "Event delivery to webhooks", "Azure Machine Learning as an Event Grid source" and "Monitor
model performance in production".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from trainboard.errors import PayloadError
from trainboard.events import Event
from trainboard.fingerprints import fingerprint
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.callers import find_caller
from trainboard_webhooks.cloud_events import Message, read_messages, wrap_binary
from trainboard_webhooks.event_grid.azure_ml import READERS
from trainboard_webhooks.handshake import answer_options, note_address
from trainboard_webhooks.members import find_shown
from trainboard_webhooks.passwords import header_value
from trainboard_webhooks.payload import shorten
from trainboard_webhooks.problem import Answer, render_answer

NAME = "event-grid"
NAMED = True
MAX_BODY_BYTES = 2 * 1024 * 1024
PROOF: Proof = "password"
FORGIVING = False
BATCHES = "application/cloudevents-batch+json"

_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
_BATCH = "batch"
_KIND_CHARACTERS = 100


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential one of whose secrets the sender gives, or whose tokens it bears."""
    del body
    return find_caller(headers, credentials, now)


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which a sender that knows `secret` posts `body`; what it is about is in the body."""
    del kind, body, delivery_id, now
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {header_value(secret)}",
    }


def greet(method: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
    """The answer to the validation of a subscription, in either schema."""
    if method == "OPTIONS":
        return answer_options(headers)
    if _VALIDATION.encode() not in body:
        return None
    for message in read_messages(body, grid=True):
        if message.type == _VALIDATION and message.data is not None:
            note_address(message.source, find_shown(message.data, "validationUrl"))
            return render_answer(200, {"validationResponse": message.data["validationCode"].text()})
    return None


def identify(headers: Mapping[str, str], body: bytes) -> Identity | None:
    """All events of the message together: it is a repetition if they all are."""
    wrapped = wrap_binary(headers, body)
    messages = read_messages(wrapped or body, grid=True)
    kinds = {message.type for message in messages}
    return Identity(
        id=fingerprint(*(part for message in messages for part in message.key)),
        kind=shorten(kinds.pop(), _KIND_CHARACTERS) if len(kinds) == 1 else _BATCH,
        entity=NAME,
        body=wrapped,
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """What the events of Azure Machine Learning tell, in the order in which they happened."""
    del kind
    messages = read_messages(body, grid=True)
    messages.sort(key=lambda message: message.at.timestamp() if message.at else 0.0)
    return [event for message in messages for event in _read(door, message)]


def _read(door: str, message: Message) -> Iterator[Event]:
    read = READERS.get(message.type)
    if read is None:
        return
    if message.data is None:
        raise PayloadError(f"an event of the type {message.type} has no data")
    yield from read(door, message, message.data)
