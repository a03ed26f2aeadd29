"""Repositories that got another name: the log remembers it, and rows follow."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, UniqueConstraint, delete, func, select, update

from trainboard import events
from trainboard.events import RepositoryMoved
from trainboard.store import log, pull_requests
from trainboard.store.board_models import BoardCardRow
from trainboard.store.command_models import CommandRow
from trainboard.store.link_models import (
    ItemParentRow,
    MovedItemRow,
    PullRequestCommitRow,
    RunCommitRow,
    ToldLinkRow,
)
from trainboard.store.models import EventRow, IterationRow, WorkItemRow
from trainboard.store.plan_models import PlanWordRow, TrackedExperimentRow
from trainboard.store.pull_request_models import (
    ContainedCommitRow,
    DecisionRow,
    NotebookReviewRow,
    PullRequestLinksRow,
    PullRequestStatusRow,
    QueuedCommitRow,
    WaiverRow,
)
from trainboard.store.refactoring_models import RefactoringRow
from trainboard.store.trigger_models import TriggerRow

_CODES: tuple[Any, ...] = (
    PullRequestStatusRow,
    PullRequestLinksRow,
    PullRequestCommitRow,
    RunCommitRow,
    ContainedCommitRow,
    QueuedCommitRow,
    NotebookReviewRow,
    WaiverRow,
    DecisionRow,
    RefactoringRow,
)


_TRACKERS: tuple[Any, ...] = (
    WorkItemRow,
    IterationRow,
    PullRequestLinksRow,
    PlanWordRow,
    TrackedExperimentRow,
    BoardCardRow,
    RefactoringRow,
)
_TOLD: tuple[Any, ...] = (
    ToldLinkRow.code,
    ToldLinkRow.tracker,
    ItemParentRow.tracker,
    ItemParentRow.parent_tracker,
    MovedItemRow.new_tracker,
)


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
    renamed += [
        _rename(connection, column, old, new.casefold())
        for column in (TriggerRow.origin, TriggerRow.runs_in, CommandRow.place)
    ]
    renamed += [_carry(connection, column, old, new) for column in _TOLD]
    return any(renamed)


def _carry(connection: Connection, column: Any, old: str, new: str) -> bool:
    """Row by row, because the new name may be told of already; what was told under it stays."""
    table = column.class_
    name = new.casefold() if column.key == "code" else new
    rows = connection.execute(select(table).where(func.lower(column) == old.casefold())).mappings().all()
    for row in rows:
        mine = table.id == row["id"]
        if _is_taken(connection, table, {**row, column.key: name}):
            connection.execute(delete(table).where(mine))
        else:
            connection.execute(update(table).where(mine).values({column.key: name}))
    return bool(rows)


def _is_taken(connection: Connection, table: Any, row: Mapping[str, Any]) -> bool:
    [unique] = [each for each in table.__table__.constraints if isinstance(each, UniqueConstraint)]
    same = [column == row[column.name] for column in unique.columns]
    return connection.execute(select(table.id).where(*same)).first() is not None


def _rename(connection: Connection, column: Any, old: str, new: str) -> bool:
    table, name = column.class_, func.lower(column)
    known = select(column).where(name == new.casefold()).limit(1)
    if connection.execute(known).scalar() is not None:
        return False
    renamed = update(table).where(name == old.casefold()).values({column.key: new})
    return connection.execute(renamed).rowcount > 0
