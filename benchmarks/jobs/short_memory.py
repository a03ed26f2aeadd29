"""Trainboard's command line, but what it keeps for days it keeps for seconds, and its board is far away.

    python short_memory.py <seconds> <milliseconds of a call to the board> serve --config trainboard.toml

Ages are what retention looks at, so a soak of half an hour shows what months would.
"""

import functools
import sys
import time
from datetime import timedelta

from trainboard import schedule, wiring
from trainboard.cli import main
from trainboard.policy import Keep
from trainboard.trackers.local import LocalTracker

LOOKS = 4
CALLS = ("create_item", "get_item", "update_item", "create_comment", "update_comment")


def forget_after(seconds):
    """Keep nothing for longer, and look for what is old some times within it."""
    done, part = timedelta(seconds=seconds), timedelta(seconds=max(1, seconds // LOOKS))
    keep = Keep(bodies=part, ticks=part, done=done, dead=done, commands=done)
    wiring.keep_of = lambda _: keep
    schedule.REMOVAL_EVERY = part


def move_away(milliseconds):
    """Let each call to the board take so much longer, as one over a network does."""
    for name in CALLS:
        setattr(LocalTracker, name, _delayed(getattr(LocalTracker, name), milliseconds / 1000))


def _delayed(call, seconds):
    @functools.wraps(call)
    def wait_first(*given, **named):
        time.sleep(seconds)
        return call(*given, **named)

    return wait_first


if __name__ == "__main__":
    forget, away, *arguments = sys.argv[1:]
    forget_after(int(forget))
    move_away(int(away))
    main(arguments, prog_name="trainboard")
