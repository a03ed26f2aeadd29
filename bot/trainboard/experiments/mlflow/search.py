"""Which runs are looked for, in which order."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

from trainboard.experiments.mlflow.answers import RunPage
from trainboard.experiments.mlflow.client import MlflowClient
from trainboard.experiments.mlflow.paging import TimeField, list_pages

OVERLAP_MS = 15 * 60 * 1000
EXPERIMENTS_PER_CALL = 100
NEW_RUNS_PER_PAGE = 200
RUNS_PER_PAGE = 1000
NOT_ENDED = " AND ".join(f"attributes.status != '{status}'" for status in ("FINISHED", "FAILED", "KILLED"))

Names = Mapping[str, str]
"""The names of experiments by their ids."""


class RunSearch(Protocol):
    """Finds runs of experiments. All moments are Unix milliseconds; a run may come twice."""

    def list_going(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Runs that have not ended: at the least those that started since then, or 15 minutes before."""
        ...

    def list_ended(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Runs that ended since then, or 15 minutes before."""
        ...

    def list_all(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Every run that started or ended since then."""
        ...

    def rises(self, names: Names) -> bool:
        """True if ended runs come in the order of their ends, so that a reading may stop in between."""
        ...


class FilteredSearch:
    """Lets MLflow pick the runs by its filters."""

    def __init__(self, client: MlflowClient) -> None:
        self._client = client

    def list_going(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """All runs that have not ended."""
        del since_ms
        return self._list_pages(names, NOT_ENDED, "start_time", RUNS_PER_PAGE)

    def list_ended(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Runs that ended since then, or 15 minutes before."""
        where = f"attributes.end_time >= {max(since_ms - OVERLAP_MS, 0)}"
        return self._list_pages(names, where, "end_time", NEW_RUNS_PER_PAGE)

    def list_all(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Every run that started, ended or went on since then."""
        started = f"attributes.start_time >= {since_ms}"
        ended = f"attributes.end_time >= {since_ms} AND attributes.start_time < {since_ms}"
        going = f"{NOT_ENDED} AND attributes.start_time < {since_ms}"
        yield from self._list_pages(names, started, "start_time", RUNS_PER_PAGE)
        yield from self._list_pages(names, ended, "end_time", RUNS_PER_PAGE)
        yield from self._list_pages(names, going, "start_time", RUNS_PER_PAGE)

    def rises(self, names: Names) -> bool:
        """True while one call is enough for all experiments."""
        return len(names) <= EXPERIMENTS_PER_CALL

    def _list_pages(self, names: Names, where: str, field: TimeField, size: int) -> Iterator[RunPage]:
        for chunk in chunks(names):
            yield from list_pages(partial(self._search, chunk, where, field), field, size)

    def _search(
        self, ids: Sequence[str], where: str, field: TimeField, floor: int | None, size: int, token: str
    ) -> RunPage:
        if floor is not None:
            where = f"{where} AND attributes.{field} >= {floor}"
        return self._client.search_runs(ids, where, f"attributes.{field} ASC", size, token)


def chunks(names: Names) -> Iterator[Sequence[str]]:
    """The ids, as many at a time as one call may name."""
    ids = list(names)
    for first in range(0, len(ids), EXPERIMENTS_PER_CALL):
        yield ids[first : first + EXPERIMENTS_PER_CALL]
