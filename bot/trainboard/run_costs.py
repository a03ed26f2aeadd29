"""How many hours of devices a run took, and what they cost. Both are Decimal, so that sums are exact."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from trainboard.devices import count_devices, name_device
from trainboard.prices import Prices
from trainboard.runs import Cost, RunReport, RunStatus, finite

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_OF_HOUR = 3_600_000_000
_SECONDS_OF_HOUR = 3_600
_MOST = 1e12
"""Nobody used more seconds, or more money, in one run: what says so is no measurement."""


class RunCost(msgspec.Struct, frozen=True):
    """What one run used, not rounded; None is what nobody knows. `is_going` tells that it goes on."""

    run_id: str
    hours: Decimal | None
    cost: Decimal | None
    is_going: bool


def measure_run(report: RunReport, prices: Prices, now: datetime, until: datetime | None = None) -> RunCost:
    """What the run used by then.

    Args:
        report: a run; where its times are not known, only what it says itself counts.
        prices: of the project; what a run says of its cost counts in their currency only.
        now: until when a run that goes on is counted.
        until: what it used later is left out, by the share of its time.
    """
    started_at, ended_at = report.run.started_at, report.run.ended_at
    is_going = report.run.status is RunStatus.RUNNING
    cost = report.cost if isinstance(report.cost, Cost) else Cost()
    end = now if is_going else ended_at
    if not isinstance(started_at, datetime) or not isinstance(end, datetime) or end < started_at:
        return _measure_without_times(report, cost, prices, is_going=is_going, is_cut=until is not None)
    inside, whole = _count(min(end, until or end) - started_at), _count(end - started_at)
    part = inside / whole if whole else Decimal(1)
    hours = _find_hours(report, cost, inside, part)
    told = _measured(cost.amount) if cost.currency == prices.currency else None
    if told is not None:
        return RunCost(report.run.id, hours, told * part, is_going)
    price = prices.find(name_device(report))
    amount = None if hours is None or price is None else hours * price
    return RunCost(report.run.id, hours, amount, is_going)


def find_money(report: RunReport, currency: str) -> Decimal | None:
    """What the run says that it cost in that currency."""
    cost = report.cost
    return _measured(cost.amount) if isinstance(cost, Cost) and cost.currency == currency else None


def _measure_without_times(
    report: RunReport, cost: Cost, prices: Prices, *, is_going: bool, is_cut: bool
) -> RunCost:
    """A part of it cannot be told."""
    if is_cut:
        return RunCost(report.run.id, None, None, is_going)
    seconds = _measured(cost.gpu_seconds)
    hours = None if seconds is None else seconds / _SECONDS_OF_HOUR
    return RunCost(report.run.id, hours, find_money(report, prices.currency), is_going)


def _find_hours(report: RunReport, cost: Cost, inside: Decimal, part: Decimal) -> Decimal | None:
    """As the run measured itself, else its devices times its time."""
    seconds = _measured(cost.gpu_seconds)
    if seconds is not None:
        return seconds * part / _SECONDS_OF_HOUR
    devices = count_devices(report)
    return None if devices is None else devices * inside / _MICROSECONDS_OF_HOUR


def _measured(told: object) -> Decimal | None:
    value = finite(told) if isinstance(told, int | float) else None
    return None if value is None or value > _MOST else Decimal(str(value))


def _count(span: timedelta) -> Decimal:
    return Decimal(span // _MICROSECOND)
