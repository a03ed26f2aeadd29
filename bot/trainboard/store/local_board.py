"""What the pages show of the local board's work items."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from trainboard.store.local_models import LocalCommentRow, LocalItemRow, LocalIterationRow, LocalLabelRow


class LocalComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment, in Markdown."""

    author: str
    body: str
    created_at: datetime


class LocalItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item of a local board; `board` is its project, `body` is Markdown."""

    number: int
    board: str
    title: str
    body: str
    state: str
    sprint: str | None
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    author: str
    created_at: datetime
    updated_at: datetime
    comments: tuple[LocalComment, ...]


def find_item(connection: Connection, number: int) -> LocalItem | None:
    """The work item of that number on whatever board, None if there is none."""
    row = connection.execute(
        select(LocalItemRow, LocalIterationRow.name.label("sprint"))
        .outerjoin(LocalIterationRow, LocalIterationRow.id == LocalItemRow.iteration)
        .where(LocalItemRow.id == number)
    ).one_or_none()
    if row is None:
        return None
    labels = select(LocalLabelRow.name).where(LocalLabelRow.item == number).order_by(LocalLabelRow.name)
    return LocalItem(
        number=row.id,
        board=row.board,
        title=row.title,
        body=row.body,
        state=row.state,
        sprint=row.sprint,
        labels=tuple(connection.execute(labels).scalars()),
        assignees=tuple(row.assignees.split("\n")) if row.assignees else (),
        author=row.author,
        created_at=row.created_at,
        updated_at=row.updated_at,
        comments=_comments(connection, number),
    )


def _comments(connection: Connection, item: int) -> tuple[LocalComment, ...]:
    query = select(LocalCommentRow).where(LocalCommentRow.item == item).order_by(LocalCommentRow.id)
    return tuple(
        LocalComment(author=row.author, body=row.body, created_at=row.created_at)
        for row in connection.execute(query)
    )
