"""What a sender of webhooks remembers of its deliveries, so that none is lost with a failed request."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent, or what says the same. The names of `headers` are in lower case."""

    headers: Mapping[str, str]
    body: bytes


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as its sender remembers it.

    `ref` is under which the sender finds it again, `id` the one that it was or would have been
    received with; several attempts have the same `id`. `message` is what was sent, None where the
    sender tells it only if it is asked.
    """

    ref: str
    id: str
    kind: str
    at: datetime
    message: Message | None = None


class Ledger(Protocol):
    """The memory of one sender. One look or one answer for each call; nothing is sent again."""

    def list_sent(self, since: datetime) -> Iterable[Sent]:
        """Attempts to deliver what we have a use for, latest first, back to `since` or to its end.

        Raises:
            TransientError: the sender does not tell now.
        """
        ...

    def find_message(self, sent: Sent) -> Message | None:
        """What was sent, None if the sender has thrown it away.

        Raises:
            TransientError: the sender does not tell now.
            PayloadError: what it tells cannot be read, today or later.
        """
        ...
