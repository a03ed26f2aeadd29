"""Budgets: what an account may still ask of a platform, shared by all who use the account.

An account is an App's installation, a token or an organisation, named by a key such as
`github:api.github.com/app:123/acme`; keys hold no secret. A call is admitted before it is sent, and what
the answer says of limits is noted after. Nobody sleeps here: who must wait is told how long.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import Protocol

import msgspec

from trainboard.errors import LimitedError


class Lane(IntEnum):
    """How urgent a call is: the smaller, the more. A lower lane leaves a reserve to those above it."""

    COMMAND = 0
    CLOSE = 1
    CREATE = 2
    EDIT = 3
    CHATTER = 4


_LANE: ContextVar[Lane] = ContextVar("lane", default=Lane.CHATTER)


@contextmanager
def in_lane(lane: Lane) -> Iterator[None]:
    """Calls that this thread makes inside the block go in `lane`, or in the more urgent one around it.

    Outside of any block they are chatter: what names no lane can take nothing from what does.
    """
    token = _LANE.set(min(lane, _LANE.get()))
    try:
        yield
    finally:
        _LANE.reset(token)


def current_lane() -> Lane:
    """The lane of a call that is made here and now."""
    return _LANE.get()


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """At most `most` within any `seconds`, of which a read takes `read` and a write takes `write`."""

    name: str
    seconds: int
    most: int
    read: int = 0
    write: int = 1


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform says is left, of `limit`, for the next `resets_in_seconds`.

    `call_cost` is what one call is taken to use up until an answer says how much it was.
    """

    limit: float
    remaining: float
    resets_in_seconds: float
    call_cost: float = 1.0


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer says of limits.

    `limited`: the call was refused for its pace and nothing was done. `wait_seconds`: nothing is to be
    sent for so long, None if no time is named; a call that was done may say so too.
    """

    limited: bool = False
    wait_seconds: float | None = None
    quota: Quota | None = None


class Budget(Protocol):
    """What one account may still do."""

    def admit(self, doing: str, lane: Lane, *, writes: bool) -> None:
        """Count a call that is about to be sent; `doing` completes "Did not …".

        Raises:
            LimitedError: it must wait; nothing is to be sent.
            TransientError: it cannot be counted, so it must not be sent either.
        """
        ...

    def note(self, notice: Notice) -> float | None:
        """Learn from an answer; how many seconds the call that it refused must wait, None if it did not."""
        ...


class Budgets(Protocol):
    """The budgets of all accounts."""

    def of(self, account: str, windows: tuple[Window, ...]) -> Budget:
        """The budget of the account, which keeps to `windows` besides what answers say."""
        ...


class Deferral(msgspec.Struct, frozen=True):
    """A call that must wait, and for what."""

    seconds: float
    reason: str

    def to_error(self, doing: str) -> LimitedError:
        """The deferral as the error that the engine understands."""
        return LimitedError(
            f"Did not {doing} yet: {self.reason}; {self.seconds:.0f} more seconds.",
            retry_after_seconds=self.seconds,
        )
