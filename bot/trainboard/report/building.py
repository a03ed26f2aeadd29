"""All figures of one sprint in one value, made from the history, the policy and a moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from trainboard.goals import Goal, GoalSaid, find_goal
from trainboard.iterations import Iteration, SprintPolicy, iteration, midnight_after, working_days
from trainboard.outages import Outage
from trainboard.report import flow, forecast, velocity
from trainboard.report.around import Around, Sections, look_around
from trainboard.report.burndown import Day, burn_down
from trainboard.report.carry import Carried, list_carried
from trainboard.report.changed import Changed, compare
from trainboard.report.flow import Flow
from trainboard.report.forecast import Forecast
from trainboard.report.gaps import Gap, list_within
from trainboard.report.happenings import Past
from trainboard.report.scope import Scope, sum_up
from trainboard.report.velocity import Ended, Velocity

SPRINTS = 6
"""So many sprints before this one are looked at."""


class Report(Sections, frozen=True, kw_only=True):
    """What a sprint came to, as seen at `at`.

    `known_since` is when the history began: of what happened before, only what still stood then is known.
    `say_do` is how much of what was committed was completed, in percent, None where nothing was. `carry` are
    the items that are open in it and were carried before, or at its end. `goal` is None where nobody set one.
    `gaps` are times in the sprint of which nobody told us, `outages` those from which runs may be missing,
    `changed` is what became known after it was over.
    """

    project: str
    sprint: Iteration
    at: datetime
    known_since: datetime
    scope: Scope
    days: tuple[Day, ...]
    velocity: Velocity
    flow: Flow
    forecast: Forecast
    say_do: Decimal | None
    gaps: tuple[Gap, ...]
    changed: Changed
    outages: tuple[Outage, ...] = ()
    carry: tuple[Carried, ...] = ()
    goal: Goal | None = None

    @property
    def is_over(self) -> bool:
        """True if the sprint ended."""
        return self.at >= self.sprint.ends_at

    @property
    def is_gap(self) -> bool:
        """True if the history begins later than the sprint."""
        return self.known_since > self.sprint.starts_at


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a project: what happened, since when, and what people call its sprints.

    `around` is of the sprint that is reported on, None where nobody looked for it. In `gaps` something may
    have happened that is not known. `outages` are of run trackers that cannot be read now.
    """

    project: str
    past: Past
    known_since: datetime
    names: Mapping[int, str] = {}
    around: Around | None = None
    goals: Sequence[GoalSaid] = ()
    gaps: Sequence[Gap] = ()
    outages: Sequence[Outage] = ()


def build(history: History, policy: SprintPolicy, number: int, now: datetime) -> Report:
    """The report of sprint `number`; what happened after `now` is not looked at."""
    past, names, known_since = history.past, history.names, history.known_since
    sprint = _name(iteration(policy, number), names)
    ended = [
        _end(past, policy, _name(each, names), now)
        for n in range(max(1, number - SPRINTS), number)
        if (each := iteration(policy, n)).starts_at >= known_since
    ]
    scope = sum_up(past, sprint, now)
    until = min(now, sprint.ends_at)
    first = ended[0].number if ended else number
    kept = {each.item for each in scope.committed.items} & {each.item for each in scope.completed.items}
    done = sum((each.size for each in scope.committed.items if each.item in kept), Decimal(0))
    report = Report(
        project=history.project,
        sprint=sprint,
        at=now,
        known_since=known_since,
        scope=scope,
        days=tuple(
            _hide(each, sprint, known_since)
            for each in burn_down(past, sprint, policy, scope.committed.points, now)
        ),
        velocity=velocity.measure(ended),
        flow=flow.measure(past, iteration(policy, first).starts_at, until),
        forecast=_foresee(past, policy, sprint, scope, ended, until),
        say_do=velocity.divide(done, scope.committed.points),
        carry=list_carried(past, policy, scope.carried.items, until),
        goal=find_goal(history.goals, number, now),
        gaps=list_within(history.gaps, sprint, now),
        outages=tuple(each for each in history.outages if each.since < sprint.ends_at),
        changed=compare(past, sprint, policy, now, known_since),
    )
    if history.around is None:
        return report
    beside = look_around(history.around, sprint, now)
    return msgspec.structs.replace(report, **msgspec.structs.asdict(beside))


def _hide(day: Day, sprint: Iteration, known_since: datetime) -> Day:
    """Of a day that was over when the history began nothing is known, and not that nothing was there."""
    if midnight_after(day.day, sprint.timezone) > known_since:
        return day
    return Day(day=day.day, works=day.works, ideal=day.ideal)


def _foresee(
    past: Past, policy: SprintPolicy, sprint: Iteration, scope: Scope, ended: list[Ended], until: datetime
) -> Forecast:
    days = sum(each.working_days for each in ended)
    today = min((until - timedelta(microseconds=1)).astimezone(ZoneInfo(policy.timezone)).date(), sprint.end)
    return forecast.foresee(
        scope.carried.count,
        flow.count_by_day(past, policy, until, days) if days else [],
        len(ended),
        policy,
        today,
        days_left=sum(day > today for day in working_days(policy, sprint)),
    )


def _end(past: Past, policy: SprintPolicy, sprint: Iteration, now: datetime) -> Ended:
    scope = sum_up(past, sprint, now)
    return Ended(
        number=sprint.number,
        name=sprint.name,
        committed=scope.committed.points,
        completed=scope.completed.points,
        items=scope.completed.count,
        working_days=len(working_days(policy, sprint)),
    )


def _name(sprint: Iteration, names: Mapping[int, str]) -> Iteration:
    return msgspec.structs.replace(sprint, name=names.get(sprint.number, sprint.name))
