"""The tables of the ends and the goals of sprints."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class SprintCarryRow(Table):
    """An item that sprint `number` left open, until that is closed; `state` is what became of it."""

    __tablename__ = "sprint_carries"

    project: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16))


class SprintGoalRow(Table):
    """What people said of a sprint's goal. Rows are added and never changed; `key` is the command's."""

    __tablename__ = "sprint_goals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)
    project: Mapped[str]
    number: Mapped[int]
    word: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_sprint_goals_project_number", "project", "number"),)
