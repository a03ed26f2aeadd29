"""The tables of the local board: the tracker that needs nothing but the database."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class LocalIterationRow(Table):
    """A sprint of one board."""

    __tablename__ = "local_iterations"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    board: Mapped[str]
    name: Mapped[str]
    start: Mapped[date]
    end: Mapped[date]
    description: Mapped[str]
    open: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("board", "name"),)


class LocalItemRow(Table):
    """A work item of one board."""

    __tablename__ = "local_items"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    board: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    type: Mapped[str | None]
    closed_as: Mapped[str | None]
    assignees: Mapped[str]
    author: Mapped[str]
    iteration: Mapped[int | None] = mapped_column(ForeignKey("local_iterations.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class LocalLabelRow(Table):
    """A label on a work item."""

    __tablename__ = "local_labels"

    item: Mapped[int] = mapped_column(ForeignKey("local_items.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


class LocalCommentRow(Table):
    """A comment on a work item. `reactions` are the bot's, as in `trainboard.comments`, parted by spaces."""

    __tablename__ = "local_comments"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    item: Mapped[int] = mapped_column(ForeignKey("local_items.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    reactions: Mapped[str] = mapped_column(default="", server_default="")


class LocalRelationRow(Table):
    """One work item is the parent of another; a child has one parent."""

    __tablename__ = "local_relations"

    child: Mapped[int] = mapped_column(ForeignKey("local_items.id", ondelete="CASCADE"), primary_key=True)
    parent: Mapped[int] = mapped_column(ForeignKey("local_items.id", ondelete="CASCADE"), index=True)


class LocalPipelineRunRow(Table):
    """A run that was asked for on a board without a platform; `document` is the order."""

    __tablename__ = "local_pipeline_runs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    board: Mapped[str]
    pipeline: Mapped[str]
    marker: Mapped[str] = mapped_column(unique=True)
    document: Mapped[str]
    started_at: Mapped[datetime]
