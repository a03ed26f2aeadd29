"""Readers of run trackers. Each module here reads one kind; all keep the contract in `RunReader`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
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


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """What a model registry tells at `at`, its own time: by models, which version each alias points at.

    A model without aliases is in it, one that was deleted is not.
    """

    at: datetime
    aliases: Mapping[str, Mapping[str, str]]


class RegisteredVersion(msgspec.Struct, frozen=True, kw_only=True):
    """When a version of a model was made, and by which run, None where the registry does not say."""

    at: datetime
    run_id: str | None = None


class RunReader(Protocol):
    """Reads runs, and the registry of their models, from one tracker.

    Raises (any method):
        PermanentError: the tracker refuses us, with what to change.
        TransientError: the tracker did not answer, or not with what it promises.
    """

    name: str

    def list_new(self, cursor: Cursor) -> Iterator[Page]:
        """Pages of runs that ended since the cursor, started, or vanished. Overlaps: a run may come again."""
        ...

    def find_run(self, run_id: str) -> RunReport | None:
        """The run of that id, as a page would tell it; None if there is none that may be read."""
        ...

    def read_registry(self) -> Registry:
        """Where the aliases of all models point."""
        ...

    def find_version(self, model: str, version: str) -> RegisteredVersion | None:
        """A version of a model; None if there is none that we may see."""
        ...

    def list_since(self, since_ms: int, cursor: Cursor) -> Iterator[Page]:
        """Pages of every run that started at or after `since_ms`, for the first look and the daily sweep."""
        ...
