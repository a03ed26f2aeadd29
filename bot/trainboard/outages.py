"""Times in which a run tracker could not be read."""

from datetime import datetime, timedelta

import msgspec

TOLD_AFTER = timedelta(minutes=15)
"""What is over sooner is told on no work item."""


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """The run tracker behind `door` could not be read since then.

    `since` is the first failed look after the last good one, `reason` what the last look met: text from
    outside.
    """

    door: str
    since: datetime
    reason: str
