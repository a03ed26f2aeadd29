"""Tables of what people commanded of experiments and their plans."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class TrackedExperimentRow(Table):
    """Whether somebody wished that an experiment is shown, and in which work item."""

    __tablename__ = "tracked_experiments"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    experiment: Mapped[str]
    tracker: Mapped[str]
    ref: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    stopped: Mapped[bool]

    __table_args__ = (UniqueConstraint("project", "experiment"),)


class PlanWordRow(Table):
    """The last word on one thing in the plan of a work item's experiment; no `value` takes it back."""

    __tablename__ = "plan_words"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    tracker: Mapped[str]
    ref: Mapped[str]
    subject: Mapped[str]
    key: Mapped[str]
    value: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tracker", "ref", "subject", "key"),)


class MilestoneRow(Table):
    """What people shall be told of an experiment; `batch` is the last of those that one comment tells.

    No number is ever given again, for comments are found by them.
    """

    __tablename__ = "milestones"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    work_item: Mapped[int] = mapped_column(ForeignKey("work_items.id", ondelete="CASCADE"), index=True)
    document: Mapped[str]
    at: Mapped[datetime]
    batch: Mapped[int | None]

    __table_args__ = ({"sqlite_autoincrement": True},)
