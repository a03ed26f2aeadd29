"""How many hours of GPUs the runs of a sprint took, and what they cost."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from trainboard.iterations import Iteration
from trainboard.prices import Prices
from trainboard.report.velocity import round_half_up
from trainboard.run_costs import RunCost, measure_run
from trainboard.runs import RunReport, list_working

_CENT = "0.01"


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """What the runs of an experiment used that started in the sprint; of all where `experiment` is empty.

    `run_ids` are theirs, and empty for all together. `hours` and `cost` are rounded half up to hundredths,
    None where no run tells any. `without_hours` counts runs of which nobody knows how many devices they had,
    or how long; `without_cost` those whose price is not known; neither is in the sums. `going` counts runs
    that go on, and are counted as far as they came.
    """

    experiment: str = ""
    runs: int = 0
    run_ids: tuple[str, ...] = ()
    hours: Decimal | None = None
    cost: Decimal | None = None
    without_hours: int = 0
    without_cost: int = 0
    going: int = 0


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What each experiment used, the most hours first, and their sum, which is that of the rounded figures.

    `currency` is empty where no prices are set.
    """

    currency: str = ""
    experiments: tuple[Used, ...] = ()
    total: Used = Used()


def measure(runs: Iterable[RunReport], prices: Prices, sprint: Iteration, now: datetime) -> Usage:
    """What the runs used between their start in the sprint and its end.

    Args:
        runs: in any order; those that did not start in the sprint, or only stand for a sweep, count nothing.
        prices: of the project.
        sprint: whose; what happens after its end is not counted.
        now: the same.
    """
    until = min(now, sprint.ends_at)
    shares: dict[str, list[RunCost]] = defaultdict(list)
    for report in list_working(list(runs)):
        started_at = report.run.started_at
        if isinstance(started_at, datetime) and sprint.starts_at <= started_at < until:
            shares[report.experiment.name].append(measure_run(report, prices, now, until))
    found = [_add_up(name, each) for name, each in shares.items()]
    found.sort(key=lambda each: (each.hours is None, -(each.hours or 0), each.experiment))
    return Usage(currency=prices.currency, experiments=tuple(found), total=_sum(found))


def _add_up(experiment: str, shares: Sequence[RunCost]) -> Used:
    hours = [each.hours for each in shares if each.hours is not None]
    costs = [each.cost for each in shares if each.cost is not None]
    return Used(
        experiment=experiment,
        runs=len(shares),
        run_ids=tuple(sorted(each.run_id for each in shares)),
        hours=round_half_up(sum(hours, Decimal(0)), _CENT) if hours else None,
        cost=round_half_up(sum(costs, Decimal(0)), _CENT) if costs else None,
        without_hours=len(shares) - len(hours),
        without_cost=len(shares) - len(costs),
        going=sum(each.is_going for each in shares),
    )


def _sum(found: Sequence[Used]) -> Used:
    hours = [each.hours for each in found if each.hours is not None]
    costs = [each.cost for each in found if each.cost is not None]
    return Used(
        runs=sum(each.runs for each in found),
        hours=sum(hours, Decimal(0)) if hours else None,
        cost=sum(costs, Decimal(0)) if costs else None,
        without_hours=sum(each.without_hours for each in found),
        without_cost=sum(each.without_cost for each in found),
        going=sum(each.going for each in found),
    )
