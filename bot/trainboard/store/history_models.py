"""The table of what happened to work items. Rows are added and never changed."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class ItemHistoryRow(Table):
    """Something that happened to a work item `at`; `noted_at` is when it was heard of.

    `key` is the same however often it is told. `planned` tells that it put the item into a sprint. `delivery`
    is the number of the delivery that told it, None for what we found ourselves.
    """

    __tablename__ = "item_history"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    item: Mapped[str]
    at: Mapped[datetime]
    noted_at: Mapped[datetime]
    document: Mapped[str]
    key: Mapped[str]
    planned: Mapped[bool]
    delivery: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("project", "key"),
        Index("ix_item_history_project", "project"),
        Index("ix_item_history_project_item", "project", "item"),
    )


class HistoryReadingRow(Table):
    """How far the tracker's own account of a project was read.

    `mark` is the tracker's word for that place, `read_at` the moment up to which all of it is here, None
    before the first reading came to its end. `sprints` are the refs of those that were looked at last, and
    `known_since` is when they first were.
    """

    __tablename__ = "history_readings"

    project: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
    read_at: Mapped[datetime | None]
    sprints: Mapped[str]
    known_since: Mapped[datetime | None]


class HistoryGapRow(Table):
    """A time in which we heard nothing; `closed_at` is None while nothing covers it.

    `looked_at` is the last look that did not, None where there was none.
    """

    __tablename__ = "history_gaps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("project", "began_at"),)


class IterationNameRow(Table):
    """What people called a sprint from `at` on."""

    __tablename__ = "iteration_names"

    project: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    name: Mapped[str]
