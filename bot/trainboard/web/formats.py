"""How values stand on the pages: numbers, times, addresses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from trainboard.rendering.numbers import NOT_AVAILABLE, count, minute, number

_MINUTE_SECONDS = 60
_HOUR_SECONDS = 3600
_DAY_SECONDS = 86400
_MAX_URL_CHARACTERS = 2048
_DASH = "\N{EN DASH}"


def ago(moment: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `2 days ago`; a moment to come is `just now`."""
    seconds = (now - moment).total_seconds()
    if seconds < _MINUTE_SECONDS:
        return "just now"
    if seconds < _HOUR_SECONDS:
        return f"{seconds // _MINUTE_SECONDS:.0f} min ago"
    if seconds < _DAY_SECONDS:
        return f"{seconds // _HOUR_SECONDS:.0f} h ago"
    return f"{count(int(seconds // _DAY_SECONDS), 'day')} ago"


def day(value: date) -> str:
    """`9 Nov 2026`."""
    return f"{value.day} {value:%b %Y}"


def days(start: date, end: date) -> str:
    """The first and the last day, with what they share said once."""
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} {_DASH} {day(end)}"
    if start.year == end.year:
        return f"{start.day} {start:%b} {_DASH} {day(end)}"
    return f"{day(start)} {_DASH} {day(end)}"


def length(value: timedelta | None) -> str:
    """`35 min`, `3.5 h`, `2.1 days`; `n/a` for None."""
    if value is None:
        return NOT_AVAILABLE
    seconds = value.total_seconds()
    if seconds < _HOUR_SECONDS:
        return f"{seconds / _MINUTE_SECONDS:.0f} min"
    if seconds < 2 * _DAY_SECONDS:
        return f"{seconds / _HOUR_SECONDS:.1f} h"
    return f"{seconds / _DAY_SECONDS:.1f} days"


def iso(moment: datetime) -> str:
    """The moment for machines, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def web_url(url: str | None) -> str | None:
    """`url` if it may be linked to: http or https, a host, no name or password in it. Else None."""
    if not url or len(url) > _MAX_URL_CHARACTERS:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc and "@" not in parts.netloc else None


FILTERS: dict[str, Callable[..., Any]] = {
    "ago": ago,
    "count": count,
    "day": day,
    "days": days,
    "iso": iso,
    "length_of_time": length,
    "minute": minute,
    "number": number,
    "web_url": web_url,
}
