"""The work item of a notebook shall show its figures, and be closed once the work is over."""

from collections.abc import Iterator, Sequence

import structlog
from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask, wake
from trainboard.applying.doubts import comment_once
from trainboard.applying.refactor_merges import list_merges
from trainboard.budgets import Lane, in_lane
from trainboard.effects import EnsurePullRequestStatus, EnsureRefactoring
from trainboard.errors import MissingError
from trainboard.fingerprints import merge_key, refactoring_key
from trainboard.refactoring import Merge, Refactoring, was_closed_by
from trainboard.rendering.refactoring import render_closed_with, render_refactoring
from trainboard.store import notebook_reviews, pull_requests, refactorings
from trainboard.work_items import WorkItem, WorkItemChange

APPLIES = EnsureRefactoring

_log = structlog.get_logger(__name__)


def apply(effect: EnsureRefactoring, outside: Outside) -> None:
    """Read the item, write what differs, and close it where a merge ended the work.

    Who opens it again has the last word: it is not closed for the same pull request twice. Where the platform
    closed it with a merge that did not end the work, a comment says so, once.
    """
    with outside.database.read() as connection:
        known = refactorings.find(connection, effect.project, effect.code, effect.path)
    if known is None or known.state == "gone":
        return
    try:
        item = outside.trackers[known.project].get_item(known.ref)
        known = _see(known, item, outside)
        merges = list_merges(known, outside)
        if item.state == "open":
            _show_open(known, item, merges, outside)
        else:
            _show_closed(known, item, merges, outside)
    except MissingError:
        note(replace(known, state="gone"), outside)
        _log.info("work item of a notebook was deleted", item=known.ref, path=known.path)


def note(known: Refactoring, outside: Outside) -> None:
    """Keep what is known of the item, and have the pull requests of its notebook show it."""
    with outside.database.write() as connection:
        refactorings.put(connection, replace(known, changed_at=outside.clock()))
        due = ask(connection, _list_pull_requests(connection, known), outside)
    wake(due, outside)


def body_of(known: Refactoring, body: str, merges: Sequence[Merge], outside: Outside) -> str:
    """`body` with the bot's part made anew; what people wrote around it stays."""
    text = render_refactoring(known, merges, outside.projects[known.project].refactor_above)
    key = refactoring_key(known.project, known.code, known.path)
    return outside.markers(known.project).replace(body, key, text)


def _see(known: Refactoring, item: WorkItem, outside: Outside) -> Refactoring:
    """What is known, with how the item stands now."""
    if item.state == known.state:
        return known
    closed_at = item.updated_at if item.state == "closed" else None
    seen = replace(known, state=item.state, closed_at=closed_at, url=item.url)
    note(seen, outside)
    return seen


def _show_open(known: Refactoring, item: WorkItem, merges: Sequence[Merge], outside: Outside) -> None:
    ended = [each for each in merges if not each.doubts and each.pull_request.number not in known.settled]
    shown = replace(known, state="closed") if ended else known
    body = body_of(shown, item.body, merges, outside)
    change = WorkItemChange(body=UNSET if body == item.body else body, state="closed" if ended else UNSET)
    if change == WorkItemChange():
        return
    with in_lane(Lane.CLOSE if ended else Lane.EDIT):
        item = outside.trackers[known.project].update_item(item.ref, change)
    if ended:
        settled = (*known.settled, *(each.pull_request.number for each in ended))
        note(replace(shown, settled=settled, closed_at=item.updated_at), outside)
    _log.info("work item of a notebook " + ("closed" if ended else "updated"), item=known.ref)


def _show_closed(known: Refactoring, item: WorkItem, merges: Sequence[Merge], outside: Outside) -> None:
    """Somebody closed it, and it stays so."""
    fresh = [each for each in merges if each.is_final and each.pull_request.number not in known.settled]
    body = body_of(known, item.body, merges, outside)
    if body != item.body:
        outside.trackers[known.project].update_item(item.ref, WorkItemChange(body=body))
    for merge in fresh:
        if merge.doubts and was_closed_by(merge, known.closed_at):
            _tell(known, merge, outside)
    if fresh:
        settled = (*known.settled, *(each.pull_request.number for each in fresh))
        note(replace(known, settled=settled), outside)


def _tell(known: Refactoring, merge: Merge, outside: Outside) -> None:
    key = merge_key(refactoring_key(known.project, known.code, known.path), merge.pull_request.number)
    comment_once(known.project, known.ref, key, render_closed_with(merge), outside)


def _list_pull_requests(connection: Connection, known: Refactoring) -> Iterator[EnsurePullRequestStatus]:
    for number in notebook_reviews.list_numbers(connection, known.code, known.path):
        told = pull_requests.find(connection, known.code, number)
        if told is not None:
            yield EnsurePullRequestStatus(project=known.project, code=told.code, pull_request=number)
