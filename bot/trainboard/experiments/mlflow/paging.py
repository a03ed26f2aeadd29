"""Walking through many runs without losing one while others begin and end."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from msgspec.structs import replace

from trainboard.errors import TransientError
from trainboard.experiments.mlflow.answers import Run, RunPage
from trainboard.outbound import SlowError, TooLargeError

TimeField = Literal["start_time", "end_time"]
LEAST_SLOW = 50
"""A server that does not answer in time for so few runs is asked again later."""

Search = Callable[[int | None, int, str], RunPage]
SearchRecent = Callable[[int, str], RunPage]

_CIRCLE = "MLflow's pages of runs lead in a circle: look at the server"


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
        page, size = _search_fitting(partial(search, floor), size, token)
        fresh = tuple(run for run in page.runs if run.info.run_id not in seen)
        yield RunPage(fresh, date_ms=page.date_ms)
        if not page.next_page_token:
            return
        if token and not fresh:
            raise TransientError(_CIRCLE)
        last = _time(page.runs[-1], field) if page.runs else None
        if last is not None and (floor is None or last > floor):
            floor, token = last, ""
            seen = {run.info.run_id for run in page.runs if _time(run, field) == last}
        else:
            token = page.next_page_token
            seen.update(run.info.run_id for run in page.runs)


def list_recent_pages(search: SearchRecent, field: TimeField, floor_ms: int, size: int) -> Iterator[RunPage]:
    """Every run whose time is not before `floor_ms`, at least one page; a run comes once.

    For a server that cannot be asked for a time. Runs without one are among them as far as the server puts
    them first. A run that appears while we walk moves others to a later page, where they are left out; one
    that vanishes moves others to an earlier one, so that they are missing until the next walk over the same
    ground.

    Args:
        search: takes the number of runs at most and a token; it answers in falling order of `field`.
        field: the time that orders the runs.
        floor_ms: in Unix milliseconds.
        size: runs at a time, as in `list_pages`.

    Raises:
        TransientError: the server's pages lead nowhere.
    """
    token, used = "", {""}
    seen: set[str] = set()
    while True:
        page, size = _search_fitting(search, size, token)
        times = [(run, _time(run, field)) for run in page.runs if run.info.run_id not in seen]
        seen.update(run.info.run_id for run in page.runs)
        fresh = tuple(run for run, at in times if not at or at >= floor_ms)
        yield replace(page, runs=fresh)
        token = page.next_page_token
        if not token or any(at and at < floor_ms for _, at in times):
            return
        if token in used:
            raise TransientError(_CIRCLE)
        used.add(token)


def _search_fitting(search: SearchRecent, size: int, token: str) -> tuple[RunPage, int]:
    """A page, and the number of runs that was small enough to get it."""
    while True:
        try:
            return search(size, token), size
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
