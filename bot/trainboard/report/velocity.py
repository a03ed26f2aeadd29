"""How much a team completes in a sprint, by the last ones."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean, stdev

import msgspec

SHORT, LONG = 3, 6
PER_DAYS = 10


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint that is over: what was committed and completed, and on how many days people worked."""

    number: int
    name: str
    committed: Decimal
    completed: Decimal
    items: int
    working_days: int

    @property
    def per_ten_days(self) -> Decimal | None:
        """Points for ten working days, so that a short sprint does not look weak; None without any."""
        if not self.working_days:
            return None
        return round_half_up(self.completed * PER_DAYS / self.working_days)


class Velocity(msgspec.Struct, frozen=True, kw_only=True):
    """The sprints that are over, the oldest first, and their means; None where there are too few.

    `spread` is the sample standard deviation of the last six.
    """

    sprints: tuple[Ended, ...]
    mean_of_three: Decimal | None
    mean_of_six: Decimal | None
    spread: Decimal | None
    per_ten_days: Decimal | None


def measure(sprints: Sequence[Ended]) -> Velocity:
    """The velocity after those sprints, the oldest first."""
    completed = [float(each.completed) for each in sprints]
    rates = [float(rate) for each in sprints[-LONG:] if (rate := each.per_ten_days) is not None]
    last = completed[-LONG:]
    return Velocity(
        sprints=tuple(sprints[-LONG:]),
        mean_of_three=_mean(completed[-SHORT:], SHORT),
        mean_of_six=_mean(last, LONG),
        spread=_round(stdev(last)) if len(last) > 1 else None,
        per_ten_days=_round(fmean(rates)) if rates else None,
    )


def divide(part: Decimal, whole: Decimal) -> Decimal | None:
    """Percent of the whole, to a tenth; None where the whole is nothing."""
    return round_half_up(part * 100 / whole) if whole else None


def round_half_up(value: Decimal, step: str = "0.1") -> Decimal:
    """As people round."""
    return value.quantize(Decimal(step), ROUND_HALF_UP)


def _mean(values: Sequence[float], least: int) -> Decimal | None:
    return _round(fmean(values)) if len(values) >= least else None


def _round(value: float) -> Decimal:
    return round_half_up(Decimal(str(value)))
