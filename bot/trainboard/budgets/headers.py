"""Numbers and moments in the headers of answers. Names of headers are in lower case.

Moments are reckoned by the clock of the server, where it shows it in `date`.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from math import isfinite

SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 86_400.0

Headers = Mapping[str, str]


def find_number(headers: Headers, name: str) -> float | None:
    """A header that holds a number, None if it is absent or holds no finite one."""
    try:
        number = float(headers[name])
    except (KeyError, ValueError):
        return None
    return number if isfinite(number) else None


def find_time(headers: Headers, name: str) -> float | None:
    """A header that holds an HTTP date, in Unix seconds; None if it is absent or holds none."""
    try:
        return parsedate_to_datetime(headers[name]).timestamp()
    except (KeyError, ValueError):
        return None


def find_retry_after(headers: Headers, now: datetime) -> float | None:
    """Seconds from now of Retry-After, a number or a date; None if it names no time.

    Source: RFC 9110, section 10.2.3.
    """
    seconds = find_number(headers, "retry-after")
    moment = find_time(headers, "retry-after") if seconds is None else None
    return seconds if moment is None else moment - server_time(headers, now)


def find_seconds_until(headers: Headers, name: str, now: datetime) -> float | None:
    """Seconds from now to a header's Unix time, None if it is absent or holds none."""
    moment = find_number(headers, name)
    return None if moment is None else moment - server_time(headers, now)


def server_time(headers: Headers, now: datetime) -> float:
    """The server's clock in Unix seconds, or ours if it does not show it."""
    return find_time(headers, "date") or now.timestamp()


def bounded(seconds: float) -> float:
    """A wait that a server named, from a second to a day."""
    return min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS)
