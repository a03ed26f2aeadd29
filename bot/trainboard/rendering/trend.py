"""How a metric went in the last runs, as a line of small bars."""

from collections.abc import Sequence
from datetime import datetime

from trainboard.metrics import value_of
from trainboard.rendering.numbers import number
from trainboard.runs import RunReport, RunStatus

SHOWN = 5
_BARS = "▁▂▃▄▅▆▇█"
_MIDDLE = _BARS[3]


def render_trend(reports: Sequence[RunReport], metric: str, split: str = "") -> str:
    """A bar for each of the last five finished runs that have the metric, then what the last of them has.

    The bars reach from the lowest to the highest of these values, in the order in which the runs ended. Empty
    for less than two runs.
    """
    values = _list_last(reports, metric, split)
    if len(values) < 2:  # noqa: PLR2004  one point is no line
        return ""
    low, high = min(values), max(values)
    bars = "".join(_choose_bar(value, low, high) for value in values)
    return f"{bars} {number(values[-1])}"


def _list_last(reports: Sequence[RunReport], metric: str, split: str) -> list[float]:
    ended = [
        (report.run.ended_at.timestamp(), value)
        for report in reports
        if report.run.status is RunStatus.FINISHED and isinstance(report.run.ended_at, datetime)
        if (value := value_of(report, metric, split)) is not None
    ]
    ended.sort(key=lambda each: each[0])
    return [value for _, value in ended[-SHOWN:]]


def _choose_bar(value: float, low: float, high: float) -> str:
    """Halves first: the difference of two finite numbers may be none."""
    if low == high:
        return _MIDDLE
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return _BARS[min(int(share * len(_BARS)), len(_BARS) - 1)]
