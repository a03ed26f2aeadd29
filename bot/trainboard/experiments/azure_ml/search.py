"""Which runs are looked for in a workspace: the newest first, as far back as needed.

Azure's MLflow can order runs by their times, but filter them neither by those nor by their states.

Source: Microsoft, "Query & compare experiments and runs with MLflow", its support matrix.
"""

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from trainboard.experiments.azure_ml.client import AzureMlClient
from trainboard.experiments.mlflow.answers import Run, RunPage
from trainboard.experiments.mlflow.paging import TimeField, list_recent_pages
from trainboard.experiments.mlflow.search import OVERLAP_MS, Names, chunks

NEW_RUNS_PER_PAGE = 50
RUNS_PER_PAGE = 500


class OrderedSearch:
    """Keeps the contract of `RunSearch` without a filter."""

    def __init__(self, client: AzureMlClient) -> None:
        self._client = client

    def list_going(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Runs that started since then, or 15 minutes before, or were not begun, and have not ended."""
        for page in self._walk(names, "start_time", since_ms - OVERLAP_MS, NEW_RUNS_PER_PAGE):
            yield replace(page, runs=tuple(run for run in page.runs if not run.ended))

    def list_ended(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Runs that ended since then, or 15 minutes before."""
        for page in self._walk(names, "end_time", since_ms - OVERLAP_MS, NEW_RUNS_PER_PAGE):
            yield replace(page, runs=tuple(run for run in page.runs if run.info.end_time))

    def list_all(self, names: Names, since_ms: int) -> Iterator[RunPage]:
        """Every run that started or ended since then."""
        yield from self._walk(names, "start_time", since_ms, RUNS_PER_PAGE)
        for page in self._walk(names, "end_time", since_ms, RUNS_PER_PAGE):
            yield replace(page, runs=tuple(run for run in page.runs if _is_older(run, since_ms)))

    def rises(self, names: Names) -> bool:
        """False: they fall."""
        del names
        return False

    def _walk(self, names: Names, field: TimeField, floor_ms: int, size: int) -> Iterator[RunPage]:
        """Runs whose time is not before `floor_ms`, and some without one."""
        order = f"{field} DESC"
        for chunk in chunks(names):
            search = partial(self._client.search_runs, chunk, "", order)
            yield from list_recent_pages(search, field, floor_ms, size)


def _is_older(run: Run, since_ms: int) -> bool:
    return bool(run.info.end_time) and (run.info.start_time or 0) < since_ms
