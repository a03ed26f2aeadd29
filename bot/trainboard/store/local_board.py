"""What the pages show of the local board's work items, and what people write there."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from trainboard.comments import SeenItem
from trainboard.store.local_models import LocalCommentRow, LocalItemRow, LocalIterationRow, LocalLabelRow
from trainboard.store.upserts import insert
from trainboard.work_items import Comment

_MOST_DIGITS = 17
"""They fit SQLite's integers."""


def to_number(ref: str) -> int:
    """The number of an item, a comment or a sprint; -1, which none has, for what is no number."""
    return int(ref) if ref.isascii() and ref.isdigit() and len(ref) <= _MOST_DIGITS else -1


class LocalComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment, in Markdown, and the bot's `reactions` to it."""

    number: int
    author: str
    body: str
    created_at: datetime
    reactions: tuple[str, ...]


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


def see_item(item: LocalItem) -> SeenItem:
    """What whoever comments on the item has before their eyes."""
    return SeenItem(
        sprint=item.sprint or "", labels=item.labels, assignees=item.assignees, opened_by=item.author
    )


def write_comment(connection: Connection, item: int, author: str, body: str, at: datetime) -> Comment:
    """A person's comment on the work item, which must be there."""
    values = {"item": item, "body": body, "author": author, "created_at": at, "updated_at": at}
    ref = connection.execute(
        insert(connection, LocalCommentRow).values(values).returning(LocalCommentRow.id)
    ).scalar_one()
    return Comment(ref=str(ref), body=body, created_at=at)


def _comments(connection: Connection, item: int) -> tuple[LocalComment, ...]:
    query = select(LocalCommentRow).where(LocalCommentRow.item == item).order_by(LocalCommentRow.id)
    return tuple(
        LocalComment(
            number=row.id,
            author=row.author,
            body=row.body,
            created_at=row.created_at,
            reactions=tuple(row.reactions.split()),
        )
        for row in connection.execute(query)
    )
