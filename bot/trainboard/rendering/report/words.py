"""Figures of a report as people read them. What is not known is "n/a" with its reason, and never 0."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from trainboard.rendering.numbers import NOT_AVAILABLE
from trainboard.rendering.tables import table_head, table_row
from trainboard.report.building import Report
from trainboard.report.scope import Part

_HOURS = 24
_SECONDS = 3600
_MINUTE = 60


def table(title: str, columns: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> str:
    """A titled table; the columns with these indexes stand to the right."""
    return "\n".join([table_head(title, columns, numbers), *map(table_row, rows)])


def list_parts(report: Report) -> list[tuple[str, Part]]:
    """The parts of the sprint's scope with their names, in the order of reading."""
    scope = report.scope
    return [
        ("committed", scope.committed),
        ("added", scope.added),
        ("removed", scope.removed),
        ("completed", scope.completed),
        ("carried" if report.is_over else "open", scope.carried),
        ("completed late", scope.completed_late),
    ]


def say(value: Decimal) -> str:
    """All its digits, none that says nothing."""
    return f"{value.normalize():f}"


def say_change(value: Decimal) -> str:
    """All its digits, with a sign: `+5`, `-0.5`, `0`."""
    return f"+{say(value)}" if value > 0 else say(value)


def say_or_none(value: Decimal | None) -> str | None:
    """The same for programs, which know None."""
    return None if value is None else say(value)


def say_or_na(value: Decimal | None) -> str:
    """To a tenth."""
    return NOT_AVAILABLE if value is None else f"{value:.1f}".removesuffix(".0")


def na(value: Decimal | None, why: str) -> str:
    """The value, or why there is none."""
    return f"n/a ({why})" if value is None else say(value)


def count_points(points: Decimal) -> str:
    """`1 point`, `0.5 points`."""
    return f"{say(points)} point{'' if points == 1 else 's'}"


def say_span(span: timedelta) -> str:
    """In the largest unit of which there is one: `4.2 hours`, `1.5 days`."""
    seconds = span.total_seconds()
    for unit, size in (("day", _HOURS * _SECONDS), ("hour", _SECONDS)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}s"
    return f"{seconds / _MINUTE:.0f} minutes"


def hours(span: timedelta) -> float:
    """To a hundredth."""
    return round(span.total_seconds() / _SECONDS, 2)


def days(span: timedelta | None) -> str:
    """To a tenth of a day of 24 hours."""
    return NOT_AVAILABLE if span is None else f"{hours(span) / _HOURS:.1f}"
