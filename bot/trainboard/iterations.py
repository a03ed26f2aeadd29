"""Sprints computed from a policy: no state, only a calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SprintPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How a project cuts time into sprints.

    `length_days` counts calendar days; `first_start` is the first day of sprint 1;
    `name_template` may hold {number}, {start} and {end}. `started_labels` tell that work on an item began.
    """

    length_days: int = 14
    first_start: date = date(2026, 1, 5)
    timezone: str = "UTC"
    working_days: tuple[str, ...] = WEEKDAYS[:5]
    holidays: tuple[date, ...] = ()
    name_template: str = "Sprint {number}"
    started_labels: tuple[str, ...] = ()

    def is_start(self, label: str) -> bool:
        """True if the label tells that work on an item began, in whatever letters."""
        return label.casefold() in {each.casefold() for each in self.started_labels}


class Iteration(msgspec.Struct, frozen=True, kw_only=True):
    """One sprint. `start` and `end` are its first and last day, both local and inclusive."""

    number: int
    name: str
    start: date
    end: date
    timezone: str = "UTC"

    @property
    def starts_at(self) -> datetime:
        """00:00 local time of the first day, in UTC."""
        return midnight(self.start, self.timezone)

    @property
    def ends_at(self) -> datetime:
        """00:00 local time of the day after the last, in UTC; the sprint is half-open."""
        return midnight_after(self.end, self.timezone)

    def holds(self, moment: datetime) -> bool:
        """True if the aware `moment` lies in the sprint."""
        return self.starts_at <= moment < self.ends_at


def iteration(policy: SprintPolicy, number: int) -> Iteration:
    """Sprint `number` of the policy; 1 is the first, 0 and below lie before it."""
    start = policy.first_start + timedelta(days=policy.length_days * (number - 1))
    end = start + timedelta(days=policy.length_days - 1)
    name = policy.name_template.format(number=number, start=start.isoformat(), end=end.isoformat())
    return Iteration(number=number, name=name, start=start, end=end, timezone=policy.timezone)


def iteration_at(policy: SprintPolicy, moment: datetime) -> Iteration:
    """The sprint that the aware `moment` lies in."""
    day = today_of(policy, moment)
    return iteration(policy, (day - policy.first_start).days // policy.length_days + 1)


def today_of(policy: SprintPolicy, moment: datetime) -> date:
    """The local day that the aware `moment` lies in."""
    return moment.astimezone(ZoneInfo(policy.timezone)).date()


def working_days(policy: SprintPolicy, sprint: Iteration) -> list[date]:
    """The days of `sprint` that the team works on, in order."""
    days = (sprint.start + timedelta(days=n) for n in range((sprint.end - sprint.start).days + 1))
    return [day for day in days if works_on(policy, day)]


def works_on(policy: SprintPolicy, day: date) -> bool:
    """True if the team works on that day."""
    return WEEKDAYS[day.weekday()] in policy.working_days and day not in policy.holidays


def midnight_after(day: date, timezone: str) -> datetime:
    """When the local day is over, in UTC; it may have had 23 or 25 hours."""
    return midnight(day + timedelta(days=1), timezone)


def midnight(day: date, timezone: str) -> datetime:
    """When the local day begins, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(timezone)).astimezone(UTC)
