"""Repositories that got another name: the log remembers it, and rows follow."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from trainboard import events
from trainboard.events import RepositoryMoved
from trainboard.store import log, pull_requests
from trainboard.store.models import EventRow, IterationRow, WorkItemRow
from trainboard.store.pull_request_models import NotebookReviewRow, PullRequestLinksRow, PullRequestStatusRow

_CODES: tuple[Any, ...] = (PullRequestStatusRow, PullRequestLinksRow, NotebookReviewRow)
_TRACKERS: tuple[Any, ...] = (WorkItemRow, IterationRow, PullRequestLinksRow)


def list_all(connection: Connection) -> Sequence[RepositoryMoved]:
    """All that was ever told."""
    query = select(EventRow.document).where(EventRow.subject == log.MOVES)
    return list(_decode(connection.execute(query).scalars()))


def _decode(documents: Any) -> Iterator[RepositoryMoved]:
    for document in documents:
        event = events.decode(document.encode())
        if isinstance(event, RepositoryMoved):
            yield event


def follow(connection: Connection, old: str, new: str) -> bool:
    """Let what is known under the address `old` be known under `new`.

    What of its kind is known under `new` already is left alone, and so is its like. True if something was
    changed.
    """
    renamed = [pull_requests.move(connection, old, new)]
    renamed += [_rename(connection, table.code, old, new.casefold()) for table in _CODES]
    renamed += [_rename(connection, table.tracker, old, new) for table in _TRACKERS]
    return any(renamed)


def _rename(connection: Connection, column: Any, old: str, new: str) -> bool:
    table, name = column.class_, func.lower(column)
    known = select(column).where(name == new.casefold()).limit(1)
    if connection.execute(known).scalar() is not None:
        return False
    renamed = update(table).where(name == old.casefold()).values({column.key: new})
    return connection.execute(renamed).rowcount > 0
