"""When reports are due: a pure function of the schedule, the calendar and the moment.

A time of day is one of the project's clock on the wall. Where that is set back, the hour that comes twice
counts once, the first time; where it is set forward, a time that does not come is an hour later.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from apscheduler.triggers.cron import CronTrigger

from trainboard.iterations import Iteration, SprintPolicy, iteration, iteration_at, midnight, works_on
from trainboard.iterations import working_days as list_working_days

ReportKind = Literal["daily", "sprint"]
Moment = Literal["start", "middle", "day-before-end", "end"]

FINAL: Literal["end"] = "end"
"""The moment whose report tells how the sprint ended."""
KEPT = frozenset({"tracker", "wiki", "file"})
"""Kinds of targets where the report of a sprint is kept as it is now, and final after its end."""
GRACE = timedelta(hours=2)
"""So long after its end a sprint's report is final: the look of the hour has seen what was closed last."""
HORIZON = timedelta(days=7)
"""What was missed for so long is not caught up."""
PUNCTUAL = timedelta(hours=1)
"""What is made within this time after it was due was not missed."""
_SPRINTS_BACK = 6
_DAYS_BACK = 14
_STEP = timedelta(seconds=1)
_HOUR = timedelta(hours=1)


class ReportSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """When reports of a project are made, and where they go.

    `cron` are the five fields of a line of crontab, empty for none; `at` are moments of each sprint, with the
    local `hour`. `targets` are names like `tracker` or `slack:env:TEAM_CHAT`, which hold no secret.
    `catches_up` tells that what was missed is made later; `says_nothing` that a digest without any news is
    sent too.
    """

    kind: ReportKind
    cron: str = ""
    at: tuple[Moment, ...] = ()
    hour: int = 9
    targets: tuple[str, ...] = ("tracker",)
    catches_up: bool = True
    says_nothing: bool = False


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A report of sprint `number` that was due `at`.

    `period` tells it from others of the sprint. It tells of what happened since `since`, None: of the sprint.
    """

    number: int
    period: str
    at: datetime
    since: datetime | None = None
    is_final: bool = False


def is_kept(kind: ReportKind, target: str) -> bool:
    """True if the target shows the sprint's report as it is now."""
    return kind == "sprint" and target.partition(":")[0] in KEPT


def list_due(
    schedule: ReportSchedule, policy: SprintPolicy, target: str, since: datetime, now: datetime
) -> list[Due]:
    """What is due for the target after `since` and until `now`; of what was missed the last of each sprint.

    Where the report is kept, the final one is due too, whatever the schedule says.
    """
    kept = is_kept(schedule.kind, target)
    found = list(_list_moments(schedule, policy, since, now, kept=kept))
    if schedule.cron and (last := _find_last(schedule, policy, max(since, now - HORIZON), now)):
        found.append(last)
    horizon = now - HORIZON
    return sorted(
        (each for each in found if each.at > horizon or (kept and each.is_final)), key=lambda each: each.at
    )


def find_moment(policy: SprintPolicy, sprint: Iteration, moment: Moment, hour: int) -> datetime:
    """When that is in the sprint, in UTC. A sprint without working days is counted in all its days."""
    if moment == "end":
        after = sprint.end + timedelta(days=1)
        return max(_to_moment(datetime.combine(after, time(hour)), policy), sprint.ends_at + GRACE)
    days = list_working_days(policy, sprint) or [
        sprint.start + timedelta(days=n) for n in range((sprint.end - sprint.start).days + 1)
    ]
    places = {"start": 0, "middle": len(days) // 2, "day-before-end": max(0, len(days) - 2)}
    return _to_moment(datetime.combine(days[places[moment]], time(hour)), policy)


@cache
def parse_cron(line: str) -> CronTrigger:
    """The five fields as a trigger that counts in times on the wall.

    Raises:
        ValueError: it is no line of crontab; or it names days of the week by numbers, which programs
            count from different days; or it comes oftener than every hour.
    """
    fields = line.split()
    if len(fields) != 5:  # noqa: PLR2004  as in crontab
        raise ValueError("must have five fields: minute, hour, day, month and day of the week")
    if not fields[0].isdecimal():
        raise ValueError("must name one minute, as in 0 9 * * mon-fri")
    if any(character.isdecimal() for character in fields[4].partition("/")[0]):
        raise ValueError(
            "must name days of the week by words, like mon-fri: 0 is not the same day everywhere"
        )
    try:
        return CronTrigger.from_crontab(line, timezone=UTC)
    except ValueError as error:
        raise ValueError(f"is no line of crontab: {error}") from None


def _list_moments(
    schedule: ReportSchedule, policy: SprintPolicy, since: datetime, now: datetime, *, kept: bool
) -> Iterator[Due]:
    moments: list[Moment] = [*schedule.at, "end"] if kept else list(schedule.at)
    current = iteration_at(policy, now).number
    for number in range(max(1, current - _SPRINTS_BACK), current + 1):
        sprint = iteration(policy, number)
        found = [
            (at, moment)
            for moment in dict.fromkeys(moments)
            if (moment == "end" or not _is_over(sprint, now))
            and since < (at := find_moment(policy, sprint, moment, schedule.hour)) <= now
        ]
        if found:
            at, moment = max(found)
            yield Due(number=number, period=moment, at=at, is_final=moment == FINAL)


def _is_over(sprint: Iteration, now: datetime) -> bool:
    return now >= sprint.ends_at


def _find_last(schedule: ReportSchedule, policy: SprintPolicy, since: datetime, now: datetime) -> Due | None:
    """The last time that the line of crontab names."""
    zone = ZoneInfo(policy.timezone)
    walls = _list_walls(
        schedule,
        policy,
        since.astimezone(zone).replace(tzinfo=None) - _HOUR,
        now.astimezone(zone).replace(tzinfo=None) + _HOUR,
    )
    passed = [(at, wall) for wall in walls if since < (at := _to_moment(wall, policy)) <= now]
    if not passed:
        return None
    at, wall = max(passed)
    number = iteration_at(policy, at).number
    if number < 1:
        return None
    return Due(
        number=number,
        period=f"{wall:%Y-%m-%dT%H:%M}",
        at=at,
        since=_find_before(schedule, policy, wall) if schedule.kind == "daily" else None,
    )


def _find_before(schedule: ReportSchedule, policy: SprintPolicy, wall: datetime) -> datetime:
    """When the digest before was due; else the beginning of the last day that the team worked on."""
    before = list(_list_walls(schedule, policy, wall - timedelta(days=_DAYS_BACK), wall - _STEP))
    if before:
        return _to_moment(before[-1], policy)
    days = (wall.date() - timedelta(days=n) for n in range(1, _DAYS_BACK))
    last = next((day for day in days if works_on(policy, day)), wall.date() - timedelta(days=1))
    return midnight(last, policy.timezone)


def _list_walls(
    schedule: ReportSchedule, policy: SprintPolicy, first: datetime, last: datetime
) -> Iterator[datetime]:
    """Times on the wall, without a zone; digests are made on working days only."""
    trigger, at = parse_cron(schedule.cron), first.replace(tzinfo=UTC)
    while (fire := trigger.get_next_fire_time(None, at)) is not None:
        wall = fire.replace(tzinfo=None)
        if wall > last:
            return
        if schedule.kind == "sprint" or works_on(policy, wall.date()):
            yield wall
        at = fire + _STEP


def _to_moment(wall: datetime, policy: SprintPolicy) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(policy.timezone)).astimezone(UTC)
