"""Walking through many runs without losing one while others begin and end."""

from collections.abc import Callable, Iterator
from typing import Literal

from trainboard.errors import TransientError
from trainboard.experiments.mlflow.answers import Run, RunPage
from trainboard.outbound import SlowError, TooLargeError

TimeField = Literal["start_time", "end_time"]
LEAST_SLOW = 50
"""A server that does not answer in time for so few runs is asked again later."""

Search = Callable[[int | None, int, str], RunPage]


def list_pages(search: Search, field: TimeField, size: int) -> Iterator[RunPage]:
    """Every run that `search` finds, at least one page; a run comes once.

    The place is a time, not MLflow's page token: the token is an offset, which moves when runs come
    and go. Only among runs of one and the same time the token leads on.

    Args:
        search: takes the earliest time in Unix milliseconds (None: any), the number of runs at most
            and a token; it answers in rising order of `field`.
        field: the time that orders the runs.
        size: runs at a time. A page over the client's limit, or one that does not come in time, is asked
            again with a quarter of them.

    Raises:
        TransientError: the server's pages lead nowhere.
    """
    floor: int | None = None
    token = ""
    seen: set[str] = set()
    while True:
        page, size = _search_fitting(search, floor, size, token)
        fresh = tuple(run for run in page.runs if run.info.run_id not in seen)
        yield RunPage(fresh, date_ms=page.date_ms)
        if not page.next_page_token:
            return
        if token and not fresh:
            raise TransientError("MLflow's pages of runs lead in a circle: look at the server")
        last = _time(page.runs[-1], field) if page.runs else None
        if last is not None and (floor is None or last > floor):
            floor, token = last, ""
            seen = {run.info.run_id for run in page.runs if _time(run, field) == last}
        else:
            token = page.next_page_token
            seen.update(run.info.run_id for run in page.runs)


def _search_fitting(search: Search, floor: int | None, size: int, token: str) -> tuple[RunPage, int]:
    """A page, and the number of runs that was small enough to get it."""
    while True:
        try:
            return search(floor, size, token), size
        except TooLargeError:
            if size == 1:
                raise
            size = max(size // 4, 1)
        except SlowError:
            if size <= LEAST_SLOW:
                raise
            size = max(size // 4, LEAST_SLOW)


def _time(run: Run, field: TimeField) -> int | None:
    return run.info.end_time if field == "end_time" else run.info.start_time
