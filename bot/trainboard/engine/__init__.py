"""The engine carries deliveries and effects; that they are done once is the work of the rows.

`work.py` says what is done with mailboxes, an engine says who does it and when. A lost or
doubled wake-up is harmless: a mailbox is leased before it is worked on, and a sweep finds those
that nobody woke.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

Drain = Callable[[Sequence[str]], datetime | None]
"""Works on all that is due in the leased mailboxes; answers when more is due, None if nothing waits."""


class Engine(Protocol):
    """Decides which worker drains which mailbox when."""

    def wake(self, mailbox: str, at: datetime) -> None:
        """The mailbox is due at `at`. Only a hint: its row says so too."""
        ...

    def run(self, drain: Drain) -> None:
        """Start the workers; answers at once."""
        ...

    def stop(self) -> None:
        """Let the workers finish what they have in hand, and wait for them."""
        ...
