"""Readers of run trackers. Each module here reads one kind; all keep the contract in `RunReader`."""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from trainboard.runs import RunReport


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a reader has read.

    `ended_ms` is the latest end of a run seen, in Unix milliseconds of the clients' clocks, 0
    before the first reading; `running` are the ids of runs that had not ended at the last look.
    """

    ended_ms: int = 0
    running: tuple[str, ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some run reports, and the cursor that is true once they are stored."""

    reports: tuple[RunReport, ...]
    cursor: Cursor


class RunReader(Protocol):
    """Reads runs from one tracker.

    Raises (any method):
        PermanentError: the tracker refuses us, with what to change.
        TransientError: the tracker did not answer, or not with what it promises.
    """

    name: str

    def list_new(self, cursor: Cursor) -> Iterator[Page]:
        """Pages of runs that ended since the cursor, started, or vanished. Overlaps: a run may come again."""
        ...

    def list_since(self, since_ms: int, cursor: Cursor) -> Iterator[Page]:
        """Pages of every run that started at or after `since_ms`, for the first look and the daily sweep."""
        ...
