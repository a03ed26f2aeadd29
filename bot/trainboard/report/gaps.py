"""Times of which nobody told us what happened."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from trainboard.iterations import Iteration


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nothing was heard and that nothing covers yet.

    `looked_at` is the last look that did not cover it either, None where there was none.
    """

    began_at: datetime
    ended_at: datetime
    looked_at: datetime | None = None


def list_within(gaps: Iterable[Gap], sprint: Iteration, now: datetime) -> tuple[Gap, ...]:
    """Those in which something may have happened to the sprint by `now`."""
    until = min(sprint.ends_at, now)
    return tuple(each for each in gaps if each.began_at < until and each.ended_at > sprint.starts_at)
