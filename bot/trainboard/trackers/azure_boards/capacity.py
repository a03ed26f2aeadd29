"""How much a team means to work in a sprint, and when it does not work.

Source: "Capacities - List", "Teamdaysoff - Get". Teams that do not plan hours have no members here.
"""

from datetime import date, datetime

import msgspec

from trainboard.azure_devops.people import Identity
from trainboard.trackers.azure_boards.boards import Boards
from trainboard.trackers.azure_boards.escaping import check_guid


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """Days off; both are inclusive and local."""

    first: date
    last: date


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """What one person means to work, over all activities; `person` is the address they sign in with."""

    person: str
    hours_per_day: float
    absences: tuple[Absence, ...] = ()


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """What a team means to work in a sprint; `absences` are the days off of all."""

    members: tuple[Member, ...] = ()
    absences: tuple[Absence, ...] = ()


class SpanJson(msgspec.Struct, frozen=True):
    """Days off, each at midnight UTC."""

    start: datetime
    end: datetime


class ActivityJson(msgspec.Struct, frozen=True, rename="camel"):
    """Hours a day of one kind of work."""

    capacity_per_day: float = 0.0


class MemberJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A person's share."""

    team_member: Identity
    activities: list[ActivityJson] = []
    days_off: list[SpanJson] = []


class CapacityJson(msgspec.Struct, frozen=True, rename="camel"):
    """The shares of all."""

    team_members: list[MemberJson] = []


class DaysOffJson(msgspec.Struct, frozen=True, rename="camel"):
    """When nobody works."""

    days_off: list[SpanJson] = []


def read_capacity(boards: Boards, iteration: str) -> Capacity:
    """The team's capacity in the sprint of that ref, in two calls.

    Raises:
        MissingError: the team has no such sprint.
    """
    check_guid(iteration, "iteration")
    thing = f"iteration {iteration} of team {boards.team}"
    shares = boards.ask(
        f"read the capacity in {thing}",
        lambda to: to.work.get_capacities_with_identity_ref_and_totals(boards.to_context(), iteration),
        CapacityJson,
        thing=thing,
    )
    off = boards.ask(
        f"read the days off in {thing}",
        lambda to: to.work.get_team_days_off(boards.to_context(), iteration),
        DaysOffJson,
        thing=thing,
    )
    return Capacity(members=tuple(map(_to_member, shares.team_members)), absences=_to_absences(off.days_off))


def _to_member(share: MemberJson) -> Member:
    return Member(
        person=share.team_member.unique_name,
        hours_per_day=sum(each.capacity_per_day for each in share.activities),
        absences=_to_absences(share.days_off),
    )


def _to_absences(spans: list[SpanJson]) -> tuple[Absence, ...]:
    return tuple(Absence(first=each.start.date(), last=each.end.date()) for each in spans)
