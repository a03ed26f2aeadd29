"""How the time that a target takes grows with its input."""

import time
from collections.abc import Iterable
from math import log

from fuzz import Target

SHORT, LONG = 4_000, 32_000
MOST_SECONDS = 15
FLOOR_SECONDS = 0.001
"""Times below are noise, and count as so much."""


def find_growth(target: Target, inputs: Iterable[bytes]) -> float:
    """The highest power of the length with which the time grows: about 1 where reading is linear.

    As many inputs are stretched and measured as a quarter of a minute allows.
    """
    until, highest = time.monotonic() + MOST_SECONDS, 0.0
    for data in filter(None, inputs):
        if time.monotonic() > until:
            break
        highest = max(highest, _measure(target, data))
    return highest


def _measure(target: Target, data: bytes) -> float:
    short, long = (_seconds(target, target.stretch(data, size)) for size in (SHORT, LONG))
    return log(max(long, FLOOR_SECONDS) / max(short, FLOOR_SECONDS)) / log(LONG / SHORT)


def _seconds(target: Target, data: bytes) -> float:
    times = []
    for _ in range(3):
        begun = time.process_time()
        target.check(data)
        times.append(time.process_time() - begun)
    return min(times)
