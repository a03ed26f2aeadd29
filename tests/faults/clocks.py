"""The time of the bot's machine is not the time of everybody else; that of its monotonic clock goes on."""

import os
import time
from datetime import timedelta
from unittest.mock import patch

from faults import fault
from faults.stages import GITHUB, LOCAL

AN_HOUR = timedelta(hours=1)
STALE = 401
"""The answer to a signature with a time that seems not to be now."""


@fault("the clock is an hour ahead", places=(LOCAL, GITHUB), allows=[STALE])
def clock_ahead(stage):
    """It jumps, and is set right an hour later."""
    stage.bot.clock.skew = AN_HOUR
    yield
    stage.bot.clock.skew = timedelta(0)


@fault("the clock is an hour behind", places=(LOCAL, GITHUB), allows=[STALE])
def clock_behind(stage):
    """It jumps, and is set right an hour later."""
    stage.bot.clock.skew = -AN_HOUR
    yield
    stage.bot.clock.skew = timedelta(0)


@fault("summer time ends where the machine is")
def summer_time_ends(stage):
    """At half past ten UTC on the day of the play, the 322nd of the year, clocks there go back by an hour."""
    with patch.dict(os.environ, {"TZ": "WINTER0SUMMER-1,J100/2,J322/11:30"}):
        time.tzset()
        stage.expect("it is summer", bool(time.localtime(stage.bot.clock().timestamp()).tm_isdst))
        yield
        stage.expect("it is winter", not time.localtime(stage.bot.clock().timestamp()).tm_isdst)
    time.tzset()
