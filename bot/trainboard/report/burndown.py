"""What was left to do at the end of each day of a sprint, beside a straight line down."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from trainboard.iterations import Iteration, SprintPolicy, midnight_after, working_days
from trainboard.report.happenings import Past


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day of a sprint. What is not over yet has no figures but `ideal`, and that has none without workdays.

    `remaining`, `completed` and `scope` are points at its end, `open_items` how many are open.
    """

    day: date
    works: bool
    ideal: Decimal | None = None
    remaining: Decimal | None = None
    completed: Decimal | None = None
    scope: Decimal | None = None
    open_items: int | None = None


def burn_down(
    past: Past, sprint: Iteration, policy: SprintPolicy, committed: Decimal, now: datetime
) -> tuple[Day, ...]:
    """The days of the sprint, in order.

    Args:
        past: what happened.
        sprint: whose days.
        policy: on which of them people work.
        committed: where the straight line begins; it falls on working days only.
        now: a day that is not over by then tells nothing.
    """
    works = set(working_days(policy, sprint))
    days = [sprint.start + timedelta(days=n) for n in range((sprint.end - sprint.start).days + 1)]
    first = past.stand_at(sprint.starts_at)
    members = past.list_members(sprint.number, min(now, sprint.ends_at))
    names = [name for name in members if name not in first or first[name].is_open]
    made, gone = [], 0
    for day in days:
        gone += day in works
        ideal = committed * (len(works) - gone) / len(works) if works else None
        made.append(_make_day(past, sprint, names, Day(day=day, works=day in works, ideal=ideal), now))
    return tuple(made)


def _make_day(past: Past, sprint: Iteration, names: Sequence[str], day: Day, now: datetime) -> Day:
    over_at = midnight_after(day.day, sprint.timezone)
    if over_at > now:
        return day
    stood = past.stand_at(over_at)
    found = [stood[name] for name in names if name in stood]
    there = [each for each in found if each.sprint == sprint.number and each.state != "cancelled"]
    left = [each for each in there if each.is_open]
    scope = sum((each.size for each in there), Decimal(0))
    remaining = sum((each.size for each in left), Decimal(0))
    return msgspec.structs.replace(
        day, remaining=remaining, completed=scope - remaining, scope=scope, open_items=len(left)
    )
