"""How long work takes, and how much of it is done in a day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from trainboard.iterations import SprintPolicy, works_on
from trainboard.report.happenings import Past, Standing


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """Times of what was done from `since` on, sorted.

    `lead` is from when it was first told of, `cycle` from its first start. `ageing` are open items that were
    started, the oldest start first.
    """

    since: datetime
    lead: tuple[timedelta, ...]
    cycle: tuple[timedelta, ...]
    ageing: tuple[Standing, ...]


def measure(past: Past, since: datetime, now: datetime) -> Flow:
    """The flow of all sprints together; an item that was opened again counts with its last end."""
    items = past.stand_at(now).values()
    done = [each for each in items if each.state == "done" and each.done_at and since <= each.done_at]
    started = [each for each in items if each.state == "started"]
    return Flow(
        since=since,
        lead=tuple(sorted(each.done_at - each.seen_at for each in done if each.done_at)),
        cycle=tuple(
            sorted(each.done_at - each.started_at for each in done if each.done_at and each.started_at)
        ),
        ageing=tuple(sorted(started, key=lambda each: (each.started_at or now, each.item))),
    )


def count_by_day(past: Past, policy: SprintPolicy, now: datetime, days: int) -> list[int]:
    """How many items were done on each of the last working days before today, the oldest first.

    What was done on a day off counts for the next working day.
    """
    zone = ZoneInfo(policy.timezone)
    today = now.astimezone(zone).date()
    ends = [each.done_at for each in past.stand_at(now).values() if each.state == "done" and each.done_at]
    counted = _list_working_days(policy, today, days)
    amounts = dict.fromkeys(counted, 0)
    for end in ends:
        day = _next_working_day(policy, end.astimezone(zone).date())
        if day in amounts:
            amounts[day] += 1
    return [amounts[day] for day in counted]


def _list_working_days(policy: SprintPolicy, before: date, count: int) -> list[date]:
    found: list[date] = []
    day = before
    while len(found) < count and (before - day).days < 10 * count + 30:
        day -= timedelta(days=1)
        found += [day] if works_on(policy, day) else []
    return found[::-1]


def _next_working_day(policy: SprintPolicy, day: date) -> date:
    for _ in range(366):
        if works_on(policy, day):
            return day
        day += timedelta(days=1)
    return day


def add_working_days(policy: SprintPolicy, start: date, count: int) -> date:
    """The day on which so many working days from the day after `start` are over."""
    day = start
    for _ in range(20_000):
        if count <= 0:
            return day
        day += timedelta(days=1)
        count -= works_on(policy, day)
    return day
