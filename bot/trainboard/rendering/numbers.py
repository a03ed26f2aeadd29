"""Numbers, counts and times as people read them."""

from datetime import UTC, datetime

from trainboard.runs import finite

_PLAIN_FROM = 1e4
_PLAIN_BELOW = 1e15
NOT_AVAILABLE = "n/a"


def number(value: float | None) -> str:
    """Four significant digits, thousands set apart; "n/a" for what is no finite number."""
    if (known := finite(value)) is None:
        return NOT_AVAILABLE
    short = float(format(known, ".4g")) + 0.0
    return format(short, ",.0f") if _PLAIN_FROM <= abs(short) < _PLAIN_BELOW else format(short, ",.4g")


def count(amount: int, noun: str) -> str:
    """`1 run`, `1,200 runs`."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def minute(moment: datetime | None) -> str:
    """`2026-03-04 12:30` in UTC; "n/a" for None."""
    return NOT_AVAILABLE if moment is None else format(moment.astimezone(UTC), "%Y-%m-%d %H:%M")
