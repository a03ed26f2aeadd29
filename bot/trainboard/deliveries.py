"""A delivery: one message from outside, as it came, before anybody has understood it."""

from datetime import datetime
from enum import StrEnum

import msgspec

CLOCK_SOURCE = "clock"
"""The source of our own alarm clock's ticks."""


class Token(msgspec.Struct, frozen=True):
    """A token that is good for one delivery: `id` is unique among all, and nobody takes it after `until`."""

    id: str
    until: datetime


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message, verified but not yet parsed.

    `source` is the door and, where several senders use it, the configured name
    (`github`, `mlflow/prod`); `id` is unique within it; `entity` names what the message is
    about: deliveries of one entity are worked on one after the other, in the order they came. Deliveries with
    one `event_key` that come through different hooks are one event; None where there is one hook only.
    With the `token` no other delivery is believed.
    """

    source: str
    id: str
    kind: str
    entity: str
    body: bytes
    event_key: str | None = None
    hook: str = ""
    token: Token | None = None


class Acceptance(StrEnum):
    """What the inbox says of a delivery when it is stored."""

    STORED = "stored"
    IN_PROGRESS = "in progress"
    DUPLICATE = "duplicate"
    AGAIN = "again"
    REPLAYED = "replayed token"


class DeliveryState(StrEnum):
    """Where a delivery stands: waiting, then done or dead."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
