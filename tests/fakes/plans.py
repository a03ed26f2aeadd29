"""Work items of an invented team, and what happens to them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec import UNSET
from msgspec.structs import replace

from trainboard.iterations import SprintPolicy, iteration
from trainboard.report.happenings import Happening, Past

POLICY = SprintPolicy(
    length_days=14, first_start=date(2026, 11, 9), timezone="Europe/Berlin", holidays=(date(2026, 11, 18),)
)
SPRINT = iteration(POLICY, 1)
NEXT = iteration(POLICY, 2)


def day(number, hour=12):
    """The day of the sprint, from 1, at an hour of its time zone."""
    return SPRINT.starts_at + timedelta(days=number - 1, hours=hour)


def happens(item, at, points=UNSET, **said):
    """Something happens to the item."""
    size = Decimal(str(points)) if points not in {UNSET, None} else points
    return Happening(item=item, at=at, points=size, **said)


def planned(item, points=None, *, at=None, **said):
    """An item was put into the first sprint, before it began unless something else is said."""
    return happens(item, at or day(-3), points, **({"sprint": 1, "state": "open"} | said))


def past(*happenings):
    """What happened, each told in the order of the arguments."""
    return Past([each if each.order else _number(each, n) for n, each in enumerate(happenings, 1)])


def _number(happening, number):

    return replace(happening, order=number)


AFTER = datetime(2026, 12, 31, tzinfo=UTC)
