"""A delivery: one message from outside, as it came, before anybody has understood it."""

from enum import StrEnum

import msgspec

CLOCK_SOURCE = "clock"
"""The source of our own alarm clock's ticks."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message, verified but not yet parsed.

    `source` is the door and, where several senders use it, the configured name
    (`github`, `mlflow/prod`); `id` is unique within it; `entity` names what the message is
    about: deliveries of one entity are worked on one after the other, in the order they came. Deliveries with
    one `event_key` that come through different hooks are one event; None where there is one hook only.
    """

    source: str
    id: str
    kind: str
    entity: str
    body: bytes
    event_key: str | None = None
    hook: str = ""


class Acceptance(StrEnum):
    """What the inbox says of a delivery when it is stored."""

    STORED = "stored"
    IN_PROGRESS = "in progress"
    DUPLICATE = "duplicate"
    AGAIN = "again"


class DeliveryState(StrEnum):
    """Where a delivery stands: waiting, then done or dead."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
