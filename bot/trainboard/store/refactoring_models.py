"""The table of the work items in which teams make scripts of notebooks."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class RefactoringRow(Table):
    """The work item of a notebook. `path_key` stands for the path, which is too long for an index."""

    __tablename__ = "refactorings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    code: Mapped[str]
    path_key: Mapped[str]
    path: Mapped[str]
    tracker: Mapped[str]
    ref: Mapped[str]
    url: Mapped[str]
    state: Mapped[str]
    asked: Mapped[str]
    figures: Mapped[str | None]
    settled: Mapped[str]
    closed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("project", "code", "path_key"),
        Index("ix_refactorings_tracker_ref", "tracker", "ref"),
    )
