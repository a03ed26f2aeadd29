"""How alerts are dealt with: how many come in, how many bugs they become, and how long these take. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import msgspec

from trainboard.alert_life import Closing, Moment
from trainboard.percentiles import find_percentile


class AlertHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What became of alerts in a stretch of time.

    Attributes:
        since: the first moment of it, aware.
        until: the first moment after it, aware.
        told: how many alerts came in within it, each as often as a sender told of it.
        moments: those of every problem that something became of within it, oldest first, also from before
            `since`; none at `until` or later.
    """

    since: datetime
    until: datetime
    told: int = 0
    moments: tuple[Moment, ...] = ()


class Lengths(msgspec.Struct, frozen=True, kw_only=True):
    """Lengths of time, summed up.

    Attributes:
        count: how many there are.
        median: the middle one, the mean of the two in the middle where they are even in number; None of none.
        p90: the smallest that nine of ten do not exceed, by nearest rank; None of none.
    """

    count: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None


class AlertFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of a stretch of time.

    Attributes:
        alerts: those that came in, each as often as a sender told of it.
        problems: those that began to fire.
        bugs: those that were made, storms included.
        reopened: how often one was opened again.
        closed: bugs that were closed and are not open again at the end.
        closed_as: the same by how they ended.
        acknowledge: from when a bug's problem began to fire until a person first changed the bug, of those
            that were answered for the first time within the time and before they were closed.
        resolve: from when a bug's problem began to fire, or did so again after it was closed, until the last
            alert was over, or until a person closed the bug while it fired; of those `closed` as resolved or
            done. A storm is over when its bug is closed.
    """

    alerts: int = 0
    problems: int = 0
    bugs: int = 0
    reopened: int = 0
    closed: int = 0
    closed_as: Mapping[str, int] = {}
    acknowledge: Lengths = Lengths()
    resolve: Lengths = Lengths()


@dataclass
class _Bug:
    """One bug as far as its moments are read."""

    first_fired_at: datetime | None = None
    fired_at: datetime | None = None
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    ended_at: datetime | None = None
    closed_as: str = ""


@dataclass
class _Problem:
    """What fires now: since when, and when it was over."""

    fired_at: datetime | None = None
    over_at: datetime | None = None


_ENDED_WELL: frozenset[Closing] = frozenset({"resolved", "done"})


def measure(history: AlertHistory) -> AlertFigures:
    """The figures of what became of alerts at `since` or later, and before `until`."""
    within = [each for each in history.moments if _is_within(each.at, history)]
    counts = Counter(each.kind for each in within)
    bugs = _list_bugs(history.moments)
    closed = [bug for bug in bugs if _is_within(bug.closed_at, history)]
    answered = [bug for bug in bugs if _is_within(bug.acknowledged_at, history)]
    well = [bug for bug in closed if bug.closed_as in _ENDED_WELL]
    return AlertFigures(
        alerts=history.told,
        problems=len({each.problem for each in within if each.kind == "began"}),
        bugs=counts["made"],
        reopened=counts["reopened"],
        closed=len(closed),
        closed_as=dict(sorted(Counter(bug.closed_as for bug in closed).items())),
        acknowledge=sum_up(_lengths((bug.first_fired_at, bug.acknowledged_at) for bug in answered)),
        resolve=sum_up(_lengths((bug.fired_at, bug.ended_at) for bug in well)),
    )


def sum_up(lengths: Collection[timedelta]) -> Lengths:
    """Their number, their median and the 90th percentile by nearest rank."""
    if not lengths:
        return Lengths()
    ordered = sorted(lengths)
    middle = timedelta(seconds=median(each.total_seconds() for each in ordered))
    return Lengths(count=len(ordered), median=middle, p90=find_percentile(ordered, 90))


def _is_within(moment: datetime | None, history: AlertHistory) -> bool:
    return moment is not None and history.since <= moment < history.until


def _lengths(spans: Iterable[tuple[datetime | None, datetime | None]]) -> list[timedelta]:
    """Their lengths as far as both ends are known; none is negative, whatever senders say."""
    return [max(end - start, timedelta(0)) for start, end in spans if start and end]


def _list_bugs(moments: Sequence[Moment]) -> list[_Bug]:
    problems: dict[str, _Problem] = {}
    bugs: dict[tuple[str, int], _Bug] = {}
    for moment in moments:
        problem = problems.setdefault(moment.problem, _Problem())
        match moment.kind:
            case "began":
                problem.fired_at, problem.over_at = moment.happened_at, None
            case "storm":
                problem.fired_at = problem.fired_at or moment.at
            case "over":
                problem.over_at = moment.happened_at
            case "made" | "reopened" | "touched" | "closed":
                bug = bugs.setdefault((moment.problem, moment.generation), _Bug())
                _advance(bug, problem, moment)
    return list(bugs.values())


def _advance(bug: _Bug, problem: _Problem, moment: Moment) -> None:
    match moment.kind:
        case "made":
            bug.first_fired_at = bug.fired_at = problem.fired_at or moment.at
        case "reopened":
            bug.fired_at = problem.fired_at or bug.fired_at
            bug.closed_at = None
        case "touched" if bug.closed_at is None:
            bug.acknowledged_at = bug.acknowledged_at or moment.at
        case "closed":
            bug.closed_at, bug.closed_as = moment.at, moment.note
            bug.ended_at = problem.over_at or moment.at
            problem.fired_at = None
