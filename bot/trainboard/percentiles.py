"""Percentiles of what was measured."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import TypeVar

T = TypeVar("T", int, float, timedelta)


def find_percentile(values: Sequence[T], percent: int) -> T | None:
    """The nearest rank: a value that was measured, and none in between. None of none.

    Args:
        values: sorted.
        percent: 1 to 100.
    """
    return values[ceil(percent * len(values) / 100) - 1] if values else None
