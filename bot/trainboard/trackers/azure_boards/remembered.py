"""What was seen of work items."""

from collections import OrderedDict
from threading import Lock

import msgspec

MOST_ITEMS = 10_000


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
