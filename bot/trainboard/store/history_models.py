"""The table of what happened to work items. Rows are added and never changed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class ItemHistoryRow(Table):
    """Something that happened to a work item `at`; `noted_at` is when it was heard of."""

    __tablename__ = "item_history"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    item: Mapped[str]
    at: Mapped[datetime]
    noted_at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (Index("ix_item_history_project", "project"),)
