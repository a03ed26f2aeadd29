"""What fits into a sprint that has not begun: a suggestion in order, with lines where it would be full.

Nothing here is decided. What is open from before comes first, the rest by priority and then by age. There are
two measures: how many items are done in so many working days with 85 percent, and the mean of the points of
the last sprints. They need not agree.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from trainboard.iterations import Iteration, SprintPolicy, working_days
from trainboard.report.forecast import MOST_ITEMS, foresee
from trainboard.report.velocity import LONG, PER_DAYS, SHORT, Ended, round_half_up

SURE = 85
_LEAST_URGENT = 9

Place = Literal["left", "planned", "backlog"]
_PLACES: tuple[Place, ...] = ("left", "planned", "backlog")


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An open item that may go into the sprint.

    One that is `left` stands in a sprint before it, and is carried unless it is done; one that is `planned`
    stands in it already. `since` is when it was made, `carries` how often it was carried so far.
    """

    item: str
    title: str
    url: str
    place: Place
    since: datetime
    points: Decimal | None = None
    priority: int | None = None
    carries: int = 0


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What the sprint holds, by all that is known of the ones before.

    Points are for its own `days`, which are those that people work on. `mean_of_three` and `mean_of_six` are
    None where fewer sprints are over; `capacity` where the team declared none; `sure`, the items that are
    done with 85 percent, where the history is too short, which `reason` says.
    """

    days: int
    mean_of_three: Decimal | None
    mean_of_six: Decimal | None
    capacity: Decimal | None
    sure: int | None
    reason: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate at its place in the order. `total` are its points and those of all before it.

    `is_sure`, `is_within_mean` and `is_within_capacity` are None where there is nothing to measure by.
    """

    candidate: Candidate
    total: Decimal
    is_sure: bool | None
    is_within_mean: bool | None
    is_within_capacity: bool | None


class SprintPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The suggestion. `unestimated` counts the candidates that count nothing in points."""

    project: str
    sprint: Iteration
    basis: Basis
    lines: tuple[Line, ...]

    @property
    def unestimated(self) -> int:
        """How many candidates nobody estimated."""
        return sum(line.candidate.points is None for line in self.lines)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the time before: sprints that are over, and items done on each last working day."""

    ended: Sequence[Ended] = ()
    by_day: Sequence[int] = ()


def suggest(
    project: str,
    candidates: Iterable[Candidate],
    sprint: Iteration,
    policy: SprintPolicy,
    known: Known,
    capacity_points: int | None = None,
) -> SprintPlan:
    """What fits into the sprint.

    Args:
        project: whose.
        candidates: in any order.
        sprint: the one to plan.
        policy: on which days people work.
        known: what the means and the forecast go by.
        capacity_points: what the team takes on in a sprint without holidays.
    """
    ordered = sorted(candidates, key=_rank)
    basis = _measure(sprint, policy, known, capacity_points)
    total, lines = Decimal(0), []
    for place, each in enumerate(ordered, 1):
        total += each.points or Decimal(0)
        lines.append(
            Line(
                candidate=each,
                total=total,
                is_sure=None if basis.sure is None else place <= basis.sure,
                is_within_mean=_is_within(total, basis.mean_of_three),
                is_within_capacity=_is_within(total, basis.capacity),
            )
        )
    return SprintPlan(project=project, sprint=sprint, basis=basis, lines=tuple(lines))


def _rank(each: Candidate) -> tuple[object, ...]:
    """What was carried most often is the first of what is left; then the most urgent, then the oldest."""
    is_left = each.place == "left"
    urgency = each.priority or _LEAST_URGENT
    return (
        not is_left,
        -each.carries if is_left else 0,
        urgency,
        each.since,
        _PLACES.index(each.place),
        each.item,
    )


def _measure(sprint: Iteration, policy: SprintPolicy, known: Known, capacity_points: int | None) -> Basis:
    days = len(working_days(policy, sprint))
    before = sprint.start - timedelta(days=1)
    most = min(MOST_ITEMS, max(known.by_day, default=0) * days)
    likely = foresee(most, known.by_day, len(known.ended), policy, before, days_left=days)
    capacity = None if capacity_points is None else _share(Decimal(capacity_points), days, sprint, policy)
    return Basis(
        days=days,
        mean_of_three=_mean(known.ended, SHORT, days),
        mean_of_six=_mean(known.ended, LONG, days),
        capacity=capacity,
        sure=None if likely.reason else dict(likely.by_end)[SURE],
        reason=likely.reason,
    )


def _mean(ended: Sequence[Ended], count: int, days: int) -> Decimal | None:
    """The mean of what those sprints completed on ten working days, for so many working days."""
    last = [each for each in ended if each.working_days][-count:]
    if len(last) < count:
        return None
    rates = (each.completed * PER_DAYS / each.working_days for each in last)
    return round_half_up(sum(rates, Decimal(0)) / count * days / PER_DAYS)


def _share(points: Decimal, days: int, sprint: Iteration, policy: SprintPolicy) -> Decimal:
    without = msgspec.structs.replace(policy, holidays=())
    full = len(working_days(without, sprint))
    return round_half_up(points * days / full) if full else Decimal(0)


def _is_within(total: Decimal, limit: Decimal | None) -> bool | None:
    return None if limit is None else total <= limit
