"""The geometry of the drawings: from values to coordinates of an SVG's own units."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET

from trainboard.metrics import Judgement, value_of
from trainboard.runs import RunReport, RunStatus
from trainboard.targets import Target

BAR_WIDTH = 100.0
WIDTH, HEIGHT = 960.0, 280.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 84.0, 16.0, 32.0
MAX_POINTS = 500
TICKS = 4
_MARGIN = 0.08


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """The best value beside its bound, on a scale from zero, in units of 0 to 100."""

    start: float
    width: float
    bound: float


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run on the chart."""

    x: float
    y: float
    value: float
    ended_at: datetime
    reached: bool


class Tick(msgspec.Struct, frozen=True):
    """A value on the vertical axis."""

    y: float
    value: float


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A metric over the ends of the runs, the bound, and the best value so far as a line of steps.

    `hidden` counts earlier runs that are not drawn.
    """

    points: tuple[Point, ...]
    ticks: tuple[Tick, ...]
    bound_y: float
    best_path: str
    first_at: datetime
    last_at: datetime
    hidden: int


def bar_of(judgement: Judgement) -> Bar | None:
    """The drawing of a target's best value, None where it or what it must reach is not known."""
    best, wanted = judgement.best, judgement.wanted
    if best is None or wanted is None:
        return None
    bound = wanted.bound
    low, high = min(0.0, best, bound), max(0.0, best, bound)
    scale = BAR_WIDTH / ((high - low) or 1.0)
    zero, end = (0.0 - low) * scale, (best - low) * scale
    return Bar(
        start=round(min(zero, end), 2), width=round(abs(end - zero), 2), bound=round((bound - low) * scale, 2)
    )


def chart_of(target: Target, reports: Iterable[RunReport]) -> Chart | None:
    """The drawing of the finished runs' values, None where no run has one and an end."""
    measured = _measured(target, reports)
    if not measured:
        return None
    shown = measured[-MAX_POINTS:]
    values = [value for _, value in shown]
    low, high = _range([*values, target.bound])
    first, last = shown[0][0], shown[-1][0]
    seconds = (last - first).total_seconds()
    points = tuple(
        Point(
            x=_x((at - first).total_seconds() / seconds if seconds else 0.5),
            y=_y(value, low, high),
            value=value,
            ended_at=at,
            reached=target.holds(value),
        )
        for at, value in shown
    )
    return Chart(
        points=points,
        ticks=tuple(_ticks(low, high)),
        bound_y=_y(target.bound, low, high),
        best_path=_steps(target, points),
        first_at=first,
        last_at=last,
        hidden=len(measured) - len(shown),
    )


def _measured(target: Target, reports: Iterable[RunReport]) -> list[tuple[datetime, float]]:
    found = [
        (report.run.ended_at, value)
        for report in reports
        if report.run.status is RunStatus.FINISHED
        and report.run.ended_at is not UNSET
        and (value := value_of(report, target.metric, target.split)) is not None
    ]
    return sorted(found)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = (high / 2 - low / 2) * (2 * _MARGIN) or abs(high) * _MARGIN or 1.0
    return max(low - margin, -sys.float_info.max), min(high + margin, sys.float_info.max)


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float, low: float, high: float) -> float:
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _ticks(low: float, high: float) -> Iterable[Tick]:
    for index in range(TICKS + 1):
        share = index / TICKS
        value = low * (1 - share) + high * share
        yield Tick(_y(value, low, high), value)


def _steps(target: Target, points: Sequence[Point]) -> str:
    better = max if target.goal == "max" else min
    best = points[0]
    path = f"M{best.x} {best.y}"
    for point in points[1:]:
        best = better(best, point, key=lambda each: each.value)
        path += f"H{point.x}V{best.y}"
    return path
