"""What a sprint set out to do, what changed, and what came of it.

For every sprint committed + added + re-estimated - removed = completed + carried: each item of the sprint is
counted in the same number of sums on both sides.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from trainboard.iterations import Iteration
from trainboard.report.happenings import Past, Standing

LATE = timedelta(days=7)
"""So long after its sprint something that was carried over counts as completed late."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Some items of a sprint, in the order of their names, and the sum of their points."""

    items: tuple[Standing, ...] = ()
    points: Decimal = Decimal(0)

    @property
    def count(self) -> int:
        """How many."""
        return len(self.items)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint's plan and its end, or how that stands at `until` if the sprint goes on.

    `committed` is what was in it and open when it began, by the estimates of then; all others are by those of
    the end. `re_estimated` is by how much the estimates of what stayed grew. `churned` came and went in
    between, and `completed_late` was carried and done within a week.
    """

    until: datetime
    committed: Part
    added: Part
    removed: Part
    cancelled: Part
    re_estimated: Decimal
    completed: Part
    carried: Part
    completed_late: Part
    churned: int
    unestimated: int

    @property
    def final(self) -> Decimal:
        """The points of all that the sprint was about in the end."""
        return self.completed.points + self.carried.points


def sum_up(past: Past, sprint: Iteration, now: datetime, *, grace: timedelta = timedelta(0)) -> Scope:
    """The sprint's scope.

    Args:
        past: what happened.
        sprint: whose.
        now: what happened later is not looked at.
        grace: how long after its start what comes in still counts as planned.
    """
    began, until = sprint.starts_at, min(sprint.ends_at, now)
    first = past.stand_at(began)
    planned = past.stand_at(min(began + grace, until))
    last = past.stand_at(until)
    members = past.list_members(sprint.number, until)
    committed = {
        name: planned[name]
        for name in members
        if name in planned and _is_committed(planned[name], sprint, first.get(name))
    }
    final = {name: last[name] for name in members if _is_final(last[name], sprint, first.get(name))}
    left = {name: each for name, each in committed.items() if name not in final}
    carried = {name: each for name, each in final.items() if each.is_open}
    later = past.stand_at(min(until + LATE, now)) if now > until else {}
    return Scope(
        until=until,
        committed=_part(committed.values()),
        added=_part(each for name, each in final.items() if name not in committed),
        removed=_part(left.values()),
        cancelled=_part(each for each in left.values() if last[each.item].state == "cancelled"),
        re_estimated=sum(
            (final[name].size - each.size for name, each in committed.items() if name in final), Decimal(0)
        ),
        completed=_part(each for each in final.values() if not each.is_open),
        carried=_part(carried.values()),
        completed_late=_part(
            later[name] for name in carried if name in later and later[name].state == "done"
        ),
        churned=_count_churned(past, sprint, until, committed, final),
        unestimated=sum(each.points is None for each in final.values()),
    )


def _is_committed(planned: Standing, sprint: Iteration, first: Standing | None) -> bool:
    """What was done before the sprint began is no part of it."""
    return planned.sprint == sprint.number and (first or planned).is_open


def _is_final(last: Standing, sprint: Iteration, first: Standing | None) -> bool:
    was_open = first is None or first.is_open
    return last.sprint == sprint.number and last.state != "cancelled" and was_open


def _count_churned(
    past: Past,
    sprint: Iteration,
    until: datetime,
    committed: Mapping[str, Standing],
    final: Mapping[str, Standing],
) -> int:
    came = {each.item for each in past.list_between(sprint.starts_at, until) if each.sprint == sprint.number}
    return len(came - committed.keys() - final.keys())


def _part(items: Iterable[Standing]) -> Part:
    found = tuple(sorted(items, key=lambda each: each.item))
    return Part(items=found, points=sum((each.size for each in found), Decimal(0)))
