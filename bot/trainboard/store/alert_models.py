"""The tables of alerts: problems, their episodes, and what became of them."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class ProblemRow(Table):
    """Problems and storms; the columns are the members of `trainboard.alert_life.Problem`."""

    __tablename__ = "problems"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    door: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str]
    nature: Mapped[str] = mapped_column(String(16))
    labels: Mapped[str]
    generation: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    began_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    longest_gap_seconds: Mapped[float] = mapped_column(Float)
    truncated: Mapped[int]
    told: Mapped[int]
    storm: Mapped[str | None]
    tracker: Mapped[str]
    ref: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    earlier: Mapped[str]
    made_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(16))
    closed_as: Mapped[str | None] = mapped_column(String(16))
    acknowledged_at: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    touched: Mapped[bool]
    keep_open: Mapped[bool]
    written: Mapped[str]
    written_at: Mapped[datetime | None]
    severity: Mapped[str | None] = mapped_column(String(16))
    look_at: Mapped[datetime | None]
    sprint: Mapped[int | None]

    __table_args__ = (
        Index("ix_problems_tracker_ref", "tracker", "ref"),
        Index("ix_problems_project_door_began_at", "project", "door", "began_at"),
        Index("ix_problems_look_at", "look_at"),
        Index("ix_problems_storm", "storm"),
    )


class EpisodeRow(Table):
    """Alerts of problems as they stand; the members of `trainboard.alert_life.Episode`."""

    __tablename__ = "alert_episodes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    problem: Mapped[str]
    fingerprint: Mapped[str]
    firing: Mapped[bool]
    ended_at: Mapped[datetime | None]
    document: Mapped[str]

    __table_args__ = (
        UniqueConstraint("problem", "fingerprint"),
        Index("ix_alert_episodes_ended_at", "ended_at"),
    )


class MomentRow(Table):
    """What became of problems, never changed: the life of each, and the figures of all."""

    __tablename__ = "alert_moments"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    problem: Mapped[str]
    generation: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_alert_moments_problem", "problem"),
        Index("ix_alert_moments_at", "at"),
    )


class AlertLineageRow(Table):
    """Which version of a model a problem is about, and the work item of the experiment that made it."""

    __tablename__ = "alert_lineages"

    problem: Mapped[int] = mapped_column(
        ForeignKey("problems.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    work_item: Mapped[int] = mapped_column(ForeignKey("work_items.id", ondelete="CASCADE"), index=True)
    model: Mapped[str]
    version: Mapped[str]
