"""What happened to work items, replayed up to a moment.

A moment belongs to what comes after it: something that happened at midnight happened on the new day.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from trainboard.work_items import Progress

State = Progress


class Happening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something that was told of a work item at `at`, the tracker's time; what was not told is UNSET.

    `sequence` is the tracker's order of what happened at one moment, as far as it has one, and `order` the
    number under which we wrote it down. `source` names what told it, alike however often that is told, and
    `noted_at` is when we heard of it, None for what is not written down. `sprint` is None for an item that is
    in no sprint, `points` for one without an estimate. `points_gone` were taken away, which means nothing
    where others were given before. `begins` tells that work on it began, whatever its state.
    """

    item: str
    at: datetime
    sequence: int = 0
    order: int = 0
    source: str = ""
    noted_at: datetime | None = None
    title: str | UnsetType = UNSET
    sprint: int | UnsetType | None = UNSET
    points: Decimal | UnsetType | None = UNSET
    points_gone: Decimal | UnsetType = UNSET
    state: State | UnsetType = UNSET
    url: str | UnsetType = UNSET
    begins: bool = False


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a work item stands.

    `started_at` is its first start, None where nobody told of one; `done_at` its last end, None while open.
    `sprints` are all that it was in, in their order, each once. `sprint_by`, `points_by` and `state_by` are
    the numbers of the happenings that told of these last, 0 where none did.
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
    sprint_by: int = 0
    points_by: int = 0
    state_by: int = 0

    @property
    def events(self) -> tuple[int, ...]:
        """The numbers of the happenings that make it count as it does, in their order."""
        return tuple(sorted({self.sprint_by, self.points_by, self.state_by} - {0}))

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
        self._all = list(happenings)
        for name in reversed(_PLACE):
            self._all.sort(key=attrgetter(name))
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


_PLACE = ("at", "sequence", "source", "order")
"""By these it stands among all others: when it was heard of matters only where nothing else tells."""


def follow(before: Standing | None, told: Happening) -> Standing:
    """The item after that. An item that is opened again has no end any more, and keeps its start."""
    standing = before or Standing(item=told.item, seen_at=told.at)
    changes: dict[str, object] = {}
    if told.title is not UNSET:
        changes["title"] = told.title
    if told.url is not UNSET:
        changes["url"] = told.url
    if told.points is not UNSET:
        changes |= {"points": told.points, "points_by": told.order}
    elif told.points_gone is not UNSET and told.points_gone == standing.points:
        changes |= {"points": None, "points_by": told.order}
    if told.sprint is not UNSET:
        changes |= {"sprint": told.sprint, "sprint_by": told.order}
    if isinstance(told.sprint, int) and told.sprint not in standing.sprints:
        changes["sprints"] = (*standing.sprints, told.sprint)
    if told.state is not UNSET:
        changes |= _change_state(standing, told.state, told.at) | {"state_by": told.order}
    if told.begins:
        changes |= _begin(replace(standing, **changes), told)
    return replace(standing, **changes)


def _begin(standing: Standing, told: Happening) -> dict[str, object]:
    state: State = "started" if standing.state == "open" else standing.state
    return {"state": state, "started_at": standing.started_at or told.at, "state_by": told.order}


def _change_state(standing: Standing, state: State, at: datetime) -> dict[str, object]:
    ended = state in {"done", "cancelled"}
    was_ended = not standing.is_open
    return {
        "state": state,
        "started_at": standing.started_at or (at if state == "started" else None),
        "done_at": (standing.done_at if was_ended else at) if ended else None,
    }
