"""What became known after it was over: how days and a sprint looked when they ended, and how they look now.

Yesterday's figures may change, because deliveries come late and what was missed is looked for. They never do
so without a word.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec

from trainboard.iterations import Iteration, SprintPolicy, midnight_after
from trainboard.report.burndown import Day, burn_down
from trainboard.report.happenings import Happening, Past, Standing
from trainboard.report.scope import Part, Scope, sum_up

GRACE = timedelta(hours=2)
"""So long after the end of a day what is told of it is on its way: the tracker is asked every hour."""

_ALWAYS = datetime.min.replace(tzinfo=UTC)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the sprint, in points, as it was known when the sprint was over and as it is now.

    The items are how many it counts, None for a figure that counts none.
    """

    name: str
    then: Decimal
    now: Decimal
    items_then: int | None = None
    items_now: int | None = None


class ChangedDay(msgspec.Struct, frozen=True, kw_only=True):
    """The points that were left at the end of a day, as they were known then and as they are now."""

    day: date
    then: Decimal | None
    now: Decimal | None


class LateFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was heard of late, and the item as it stands now."""

    happening: Happening
    item: Standing


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What differs, and what was heard of late, in its order. Of a sprint that goes on only days differ."""

    figures: tuple[Figure, ...] = ()
    days: tuple[ChangedDay, ...] = ()
    facts: tuple[LateFact, ...] = ()


def compare(
    past: Past, sprint: Iteration, policy: SprintPolicy, now: datetime, known_since: datetime
) -> Changed:
    """What differs of days of the sprint that are over, and of the whole of it.

    Args:
        past: what happened, and when it was heard of.
        sprint: whose days.
        policy: as for the burndown.
        now: what was heard of by then is known now.
        known_since: when the history began; of what was over before, nothing could be known.
    """
    until = min(sprint.ends_at, now)
    ends = [each for each in _list_ends(sprint, until) if each > known_since]
    told = past.list_between(_ALWAYS, until) if ends else []
    late = [each for each in told if _is_late(each, ends)]
    days, names = [], set[str]()
    for over_at in ends:
        if _has_late(late, over_at):
            then = _know_then(told, over_at)
            before, after = (_last_day(known, sprint, policy, over_at) for known in (then, past))
            if (changed := _compare_day(before, after)) is not None:
                days.append(changed)
                names |= _differ(then, past, over_at)
    figures: Sequence[Figure] = ()
    if now >= sprint.ends_at > known_since and _has_late(late, sprint.ends_at):
        then = _know_then(told, sprint.ends_at)
        figures = list(_compare_scopes(_sum(then, sprint), _sum(past, sprint)))
        names |= _differ(then, past, sprint.ends_at) if figures else set()
    items = past.stand_at(until) if names else {}
    facts = (LateFact(happening=each, item=items[each.item]) for each in late if each.item in names)
    return Changed(figures=tuple(figures), days=tuple(days), facts=tuple(facts))


def _is_late(told: Happening, ends: Sequence[datetime]) -> bool:
    """True if it was heard of when the first day that shows it was over."""
    if told.noted_at is None or told.noted_at - told.at <= GRACE:
        return False
    index = bisect_right(ends, told.at)
    return index < len(ends) and told.noted_at > ends[index] + GRACE


def _list_ends(sprint: Iteration, until: datetime) -> list[datetime]:
    days = [sprint.start + timedelta(days=n) for n in range((sprint.end - sprint.start).days + 1)]
    return [end for day in days if (end := midnight_after(day, sprint.timezone)) <= until]


def _has_late(late: Iterable[Happening], over_at: datetime) -> bool:
    return any(each.at < over_at and not _is_known(each, over_at) for each in late)


def _is_known(told: Happening, over_at: datetime) -> bool:
    return told.noted_at is None or told.noted_at <= over_at + GRACE


def _know_then(told: Iterable[Happening], over_at: datetime) -> Past:
    return Past(each for each in told if _is_known(each, over_at))


def _compare_day(before: Day, after: Day) -> ChangedDay | None:
    if (before.remaining, before.scope) == (after.remaining, after.scope):
        return None
    return ChangedDay(day=after.day, then=before.remaining, now=after.remaining)


def _last_day(past: Past, sprint: Iteration, policy: SprintPolicy, over_at: datetime) -> Day:
    """The day that ends then."""
    days = burn_down(past, sprint, policy, Decimal(0), over_at)
    return [each for each in days if each.open_items is not None][-1]


def _differ(then: Past, past: Past, moment: datetime) -> set[str]:
    """The items that stand otherwise."""
    before, after = then.stand_at(moment), past.stand_at(moment)
    names = before.keys() | after.keys()
    return {name for name in names if _say(before.get(name)) != _say(after.get(name))}


def _say(item: Standing | None) -> tuple[object, ...]:
    return () if item is None else (item.sprint, item.points, item.state, item.done_at)


def _sum(past: Past, sprint: Iteration) -> Scope:
    return sum_up(past, sprint, sprint.ends_at)


def _compare_scopes(then: Scope, now: Scope) -> Iterable[Figure]:
    parts = [(name, getattr(then, name), getattr(now, name)) for name in _PARTS]
    for name, before, after in parts:
        if _count(before) != _count(after):
            yield Figure(
                name=name,
                then=before.points,
                now=after.points,
                items_then=before.count,
                items_now=after.count,
            )
    if then.re_estimated != now.re_estimated:
        yield Figure(name="re-estimated", then=then.re_estimated, now=now.re_estimated)


_PARTS = ("committed", "added", "removed", "completed", "carried")


def _count(part: Part) -> tuple[Decimal, int]:
    return part.points, part.count
