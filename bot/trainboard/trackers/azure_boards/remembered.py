"""What was read once and holds for a while."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

import msgspec

Value = TypeVar("Value")

DAY = timedelta(days=1)
MOST_ITEMS = 10_000


class Kept(Generic[Value]):
    """A value that is read when it is first needed, and again a day later. One thread reads, the rest wait.

    Args:
        read: answers the value; what it raises is raised to whoever waits, and nothing is kept.
        clock: the time now, aware.
    """

    def __init__(self, read: Callable[[], Value], clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock
        self._lock = Lock()
        self._found: tuple[datetime, Value] | None = None

    def get(self) -> Value:
        """The value, at most a day old."""
        with self._lock:
            now = self._clock()
            if self._found is None or not timedelta(0) <= now - self._found[0] < DAY:
                self._found = (now, self._read())
            return self._found[1]

    def forget(self) -> None:
        """Have the value read again when it is next needed."""
        with self._lock:
            self._found = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a work item was like when an answer last told of it; `text` is its description's digest."""

    rev: int
    type: str
    state: str
    tags: tuple[str, ...]
    text: bytes


class Sightings:
    """The last sightings of the work items that were touched last, for all threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: OrderedDict[int, Seen] = OrderedDict()

    def note(self, id: int, seen: Seen) -> None:  # noqa: A002  the platform's word
        """Remember it, unless a later one is known; the one touched longest ago may be forgotten."""
        with self._lock:
            known = self._seen.pop(id, seen)
            self._seen[id] = seen if seen.rev >= known.rev else known
            if len(self._seen) > MOST_ITEMS:
                self._seen.popitem(last=False)

    def find(self, id: int) -> Seen | None:  # noqa: A002
        """The last sighting, None if there was none or it is forgotten."""
        with self._lock:
            return self._seen.get(id)
