"""What is to be said of the notebooks of a pull request shall be known."""

from datetime import datetime, timedelta

import structlog

from trainboard.applying import Outside
from trainboard.applying.asking import ask, wake
from trainboard.applying.refactor_figures import note_figures
from trainboard.effects import Effect, EnsurePullRequestStatus, ReviewNotebooks
from trainboard.errors import MissingError, OversizedError
from trainboard.notebooks import (
    MOST_BYTES,
    MOST_NOTEBOOKS,
    TOO_LARGE,
    ChangedNotebook,
    NotebookReview,
    Review,
)
from trainboard.notebooks.reviewing import review_notebook
from trainboard.pull_request_view import PullRequestView
from trainboard.repositories import Repository
from trainboard.store import notebook_reviews, pull_request_status, pull_requests

APPLIES = ReviewNotebooks

PACE = timedelta(seconds=30)
BRANCHES = "refs/heads/"

_log = structlog.get_logger(__name__)


def apply(effect: ReviewNotebooks, outside: Outside) -> None:
    """Read the notebooks whose content is not reviewed yet, and have the pull request show what is found.

    Each review is stored as soon as it is made, so that what ends halfway goes on from there.
    """
    repository = outside.repositories.get(effect.project)
    code, number = effect.code, effect.pull_request
    with outside.database.read() as connection:
        told = pull_requests.find(connection, code, number)
        shown = pull_request_status.get(connection, code, number)
        reviewed = notebook_reviews.list_of(connection, code, number)
    if repository is None or told is None or told.state != "open":
        return
    base, _, head = shown.paths_of.rpartition(" ")
    wanted = shown.paths.notebooks[:MOST_NOTEBOOKS]
    due: dict[str, datetime] = {}
    for notebook in wanted:
        if any((each.notebook, each.base) == (notebook, base) for each in reviewed):
            continue
        long_outside = outside.projects[effect.project].refactor_above
        review = _review(repository, notebook, base, head, long_outside)
        with outside.database.write() as connection:
            notebook_reviews.put(connection, code, number, review)
            due |= note_figures(connection, effect.project, told, review, outside)
        _log.info("notebook reviewed", code=code, pull_request=number, findings=len(review.review.brought))
    with outside.database.write() as connection:
        notebook_reviews.keep(connection, code, number, [notebook.path for notebook in wanted])
    wake(due, outside)
    _ask(EnsurePullRequestStatus(project=effect.project, code=code, pull_request=number), outside)


def ask_for_reviews(project: str, view: PullRequestView, outside: Outside) -> None:
    """Have the notebooks of an open pull request read, unless the reviews are those of their contents."""
    told = view.pull_request
    wanted = {(notebook, told.base) for notebook in view.paths.notebooks[:MOST_NOTEBOOKS]}
    if told.state == "open" and wanted != {(each.notebook, each.base) for each in view.notebooks}:
        _ask(ReviewNotebooks(project=project, code=told.code, pull_request=told.number), outside)


def _review(
    repository: Repository, notebook: ChangedNotebook, base: str, head: str, long_outside: int
) -> NotebookReview:
    try:
        text = repository.read_text(notebook.path, head, MOST_BYTES)
        former = _read_former(repository, notebook, base)
        review = review_notebook(text, former, long_outside=long_outside)
    except MissingError:
        review = Review(trouble="it is not there any more")
    except OversizedError:
        review = Review(trouble=TOO_LARGE)
    return NotebookReview(notebook=notebook, base=base, review=review)


def _read_former(repository: Repository, notebook: ChangedNotebook, base: str) -> str | None:
    """The notebook as it stands in the base; None where nothing of it can be compared."""
    if notebook.former is None:
        return None
    try:
        return repository.read_text(notebook.former, f"{BRANCHES}{base}", MOST_BYTES)
    except (MissingError, OversizedError):
        return None


def _ask(effect: Effect, outside: Outside) -> None:
    with outside.database.write() as connection:
        due = ask(connection, [effect], outside, pace=PACE)
    wake(due, outside)
