"""What happened to work items, replayed up to a moment.

A moment belongs to what comes after it: something that happened at midnight happened on the new day.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

State = Literal["open", "started", "done", "cancelled"]


class Happening(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that was told of a work item at `at`, the tracker's time; what was not told is UNSET.

    `order` tells apart what happened at one moment, `source` is the number of the event that told it.
    `sprint` is None for an item that is in no sprint, `points` for one without an estimate.
    """

    item: str
    at: datetime
    order: int = 0
    title: str | UnsetType = UNSET
    sprint: int | UnsetType | None = UNSET
    points: Decimal | UnsetType | None = UNSET
    state: State | UnsetType = UNSET
    url: str | UnsetType = UNSET


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a work item stands.

    `started_at` is its first start, None where nobody told of one; `done_at` its last end, None while open.
    `sprints` are all that it was in, in their order, each once.
    """

    item: str
    seen_at: datetime
    title: str = ""
    url: str = ""
    sprint: int | None = None
    sprints: tuple[int, ...] = ()
    points: Decimal | None = None
    state: State = "open"
    started_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True if something is left to do."""
        return self.state in {"open", "started"}

    @property
    def size(self) -> Decimal:
        """What it counts in sums: nothing, where nobody estimated it."""
        return self.points or Decimal(0)


class Past:
    """Everything that happened, in its order, whatever the order in which it was heard.

    How all stood at a moment is kept, so that the next later moment is reached from there.
    """

    def __init__(self, happenings: Iterable[Happening]) -> None:
        self._all = sorted(sorted(happenings, key=attrgetter("order")), key=attrgetter("at"))
        self._times = [each.at for each in self._all]
        self._counts = [0]
        self._stood: dict[int, Mapping[str, Standing]] = {0: {}}

    def stand_at(self, moment: datetime) -> Mapping[str, Standing]:
        """Each item as it stood just before the moment, by its name."""
        count = bisect_left(self._times, moment)
        if count not in self._stood:
            self._stood[count] = self._replay(count)
            insort(self._counts, count)
        return self._stood[count]

    def _replay(self, count: int) -> Mapping[str, Standing]:
        nearest = self._counts[bisect_left(self._counts, count) - 1]
        found = dict(self._stood[nearest])
        for each in self._all[nearest:count]:
            found[each.item] = follow(found.get(each.item), each)
        return found

    def list_members(self, sprint: int, moment: datetime) -> list[str]:
        """The items that were in the sprint at some time before the moment."""
        return [name for name, each in self.stand_at(moment).items() if sprint in each.sprints]

    def list_between(self, start: datetime, end: datetime) -> list[Happening]:
        """What happened from `start` on and before `end`."""
        return self._all[bisect_left(self._times, start) : bisect_left(self._times, end)]


def follow(before: Standing | None, told: Happening) -> Standing:
    """The item after that. An item that is opened again has no end any more, and keeps its start."""
    standing = before or Standing(item=told.item, seen_at=told.at)
    changes: dict[str, object] = {}
    if told.title is not UNSET:
        changes["title"] = told.title
    if told.url is not UNSET:
        changes["url"] = told.url
    if told.points is not UNSET:
        changes["points"] = told.points
    if told.sprint is not UNSET:
        changes["sprint"] = told.sprint
    if isinstance(told.sprint, int) and told.sprint not in standing.sprints:
        changes["sprints"] = (*standing.sprints, told.sprint)
    if told.state is not UNSET:
        changes |= _change_state(standing, told.state, told.at)
    return replace(standing, **changes)


def _change_state(standing: Standing, state: State, at: datetime) -> dict[str, object]:
    ended = state in {"done", "cancelled"}
    was_ended = not standing.is_open
    return {
        "state": state,
        "started_at": standing.started_at or (at if state == "started" else None),
        "done_at": (standing.done_at if was_ended else at) if ended else None,
    }
