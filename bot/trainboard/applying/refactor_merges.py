"""What became of the pull requests that link the work item of a notebook."""

from collections.abc import Sequence

import structlog

from trainboard.applying import Outside
from trainboard.applying.notebooks import BRANCHES
from trainboard.errors import MissingError, PermanentError
from trainboard.experiment_view import LinkedPullRequest
from trainboard.item_links import LinkSource
from trainboard.notebooks import MOST_BYTES
from trainboard.notebooks.reviewing import review_notebook
from trainboard.pull_requests import PullRequest
from trainboard.refactoring import Merge, Refactoring, has_lint, list_doubts
from trainboard.store import item_links
from trainboard.views.pull_requests import list_linked

_LINKING = frozenset({LinkSource.PERSON, LinkSource.WORDS, LinkSource.PLATFORM})
"""Whoever says so means the work; a run, a revert and what is below the item do not end it."""

_log = structlog.get_logger(__name__)


def list_merges(known: Refactoring, outside: Outside) -> Sequence[Merge]:
    """The merged pull requests that link the item and were not undone, in order of time."""
    with outside.database.read() as connection:
        linked = list_linked(connection, known.tracker, known.ref, outside.clock())
        merged = [
            each
            for each in linked
            if each.pull_request.merged_at is not None
            and each.undone_by is None
            and (known.tracker, known.ref)
            in {
                link.item
                for link in item_links.list_links(
                    connection, each.pull_request.code, each.pull_request.number
                )
                if link.source in _LINKING
            }
        ]
    merged.sort(key=lambda each: (each.pull_request.merged_at, each.pull_request.number))
    return [_judge(each, known, outside) for each in merged]


def _judge(linked: LinkedPullRequest, known: Refactoring, outside: Outside) -> Merge:
    told, lint = linked.pull_request, has_lint(linked.checks)
    long_outside = outside.projects[known.project].refactor_above
    left = 0 if lint else _count_outside(told, known, outside)
    doubts = tuple(list_doubts(linked.checks, linked.numbers, left, long_outside))
    return Merge(pull_request=told, has_lint=lint, doubts=doubts)


def _count_outside(told: PullRequest, known: Refactoring, outside: Outside) -> int | None:
    """Lines of the notebook outside of functions where it was merged to.

    They are 0 if it is gone, and None where nobody can tell.
    """
    repository = outside.repositories.get(known.project)
    if repository is None or known.code.casefold() != told.code.casefold():
        return None
    try:
        review = review_notebook(repository.read_text(known.path, f"{BRANCHES}{told.base}", MOST_BYTES))
    except MissingError:
        return 0
    except PermanentError as error:
        _log.warning("a notebook could not be read", path=known.path, error=str(error))
        return None
    return None if review.trouble else review.outside
