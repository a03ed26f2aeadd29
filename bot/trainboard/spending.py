"""What an experiment may use up, as people write it, and how much of that is used.

Money and hours are Decimal, so that sums are exact. What no run tells is not known, and never nothing.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

import msgspec

from trainboard.prices import Prices
from trainboard.run_costs import find_money, measure_run
from trainboard.runs import RunReport, RunStatus, list_working

Kind = Literal["runs", "gpu_hours", "cost", "until"]

_AMOUNT = r"(?P<amount>\d{1,12}(?:\.\d{1,6})?)"
_LIMIT = re.compile(
    rf"(?:(?P<runs>runs)\s*<=\s*(?P<count>\d{{1,9}})"
    rf"|(?P<gpu_hours>gpu_hours)\s*<=\s*{_AMOUNT}"
    rf"|(?P<cost>cost)\s*<=\s*{_AMOUNT.replace('amount', 'money')}\s*(?P<currency>[A-Z]{{3}})"
    r"|(?P<until>until)\s+(?P<day>\d{4}-\d{2}-\d{2}))",
    re.ASCII,
)
ALL = 100
NEARLY = 80
"""Percent from which on a budget is nearly used up."""


class Limit(msgspec.Struct, frozen=True):
    """What an experiment may use up: `runs<=50`, `gpu_hours<=20`, `cost<=300 EUR`, or the days until one."""

    kind: Kind
    amount: Decimal = Decimal(0)
    currency: str = ""
    day: date | None = None

    def __str__(self) -> str:
        if self.day is not None:
            return f"until {self.day}"
        return " ".join(filter(None, [f"{self.kind} <= {self.amount:f}", self.currency]))


class LimitUse(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a limit is used. `used` is None where no run tells; `untold` counts runs that do not."""

    limit: Limit
    used: Decimal | None
    percent: int | None
    untold: int = 0

    @property
    def is_over(self) -> bool:
        """True if more is used than may be."""
        return self.percent is not None and self.percent > ALL

    @property
    def is_used_up(self) -> bool:
        """True if all is used, or more."""
        return self.percent is not None and self.percent >= ALL

    @property
    def is_near(self) -> bool:
        """True if nearly all is used, or more."""
        return self.percent is not None and self.percent >= NEARLY


def parse_budget(text: str) -> list[Limit] | None:
    """The limits that `text` lists, with commas or lines between; None if it is anything else."""
    found: dict[str, Limit] = {}
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        limit = _find_limit(part.strip())
        if limit is None:
            return None
        found[limit.kind] = limit
    return list(found.values()) or None


def _find_limit(text: str) -> Limit | None:
    match = _LIMIT.fullmatch(text)
    if match is None:
        return None
    if match["runs"]:
        return Limit("runs", Decimal(match["count"]))
    if match["gpu_hours"]:
        return Limit("gpu_hours", Decimal(match["amount"]))
    if match["cost"]:
        return Limit("cost", Decimal(match["money"]), match["currency"])
    try:
        return Limit("until", day=date.fromisoformat(match["day"]))
    except ValueError:
        return None


def measure(
    limits: Iterable[Limit],
    reports: Iterable[RunReport],
    prices: Prices,
    days: tuple[date, date],
    now: datetime,
) -> Iterator[LimitUse]:
    """How much of each limit the runs used.

    Args:
        limits: what may be used.
        reports: all runs of the experiment; one that began uses up, whatever became of it.
        prices: of the project, for runs that do not tell their cost.
        days: the first day of the experiment, and today; of a last day, the share of the days from the first
            one is used.
        now: until when runs that go on are counted.
    """
    limits = list(limits)
    if not limits:
        return
    spent = [report for report in list_working(list(reports)) if report.run.status is not RunStatus.QUEUED]
    costs = [measure_run(report, prices, now) for report in spent]
    for limit in limits:
        match limit.kind:
            case "runs":
                yield _use(limit, Decimal(len(spent)))
            case "gpu_hours":
                yield _add_up(limit, [each.hours for each in costs])
            case "cost" if limit.currency == prices.currency:
                yield _add_up(limit, [each.cost for each in costs])
            case "cost":
                yield _add_up(limit, [find_money(report, limit.currency) for report in spent])
            case "until":
                yield _use_days(limit, *days)


def _use(limit: Limit, used: Decimal | None, untold: int = 0) -> LimitUse:
    percent = None if used is None else _share(used, limit.amount)
    return LimitUse(limit=limit, used=used, percent=percent, untold=untold)


def _share(used: Decimal, whole: Decimal) -> int:
    """Whole percent: 100 is all, and the least more is 101. Of nothing, any use is more than all."""
    if not whole:
        return ALL + 1 if used else ALL
    rounding = ROUND_CEILING if used > whole else ROUND_FLOOR
    return int((used * ALL / whole).to_integral_value(rounding))


def _add_up(limit: Limit, told: list[Decimal | None]) -> LimitUse:
    known = [each for each in told if each is not None]
    used = sum(known, Decimal(0)) if known or not told else None
    return _use(limit, used, len(told) - len(known))


def _use_days(limit: Limit, began: date, today: date) -> LimitUse:
    last = limit.day or today
    days, gone = (last - began).days + 1, (today - began).days
    used = max(gone, 0)
    percent = ALL + 1 if today > last else used * ALL // days if days > 0 else ALL
    return LimitUse(limit=limit, used=Decimal(used), percent=percent)
