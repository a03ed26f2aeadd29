"""The tables of the engine and of the plan.

The local board has its own in `local_models.py`, pull requests have theirs in `pull_request_models.py`, what
binds the two to each other in `link_models.py`, model registries in `registry_models.py`, pipelines that were
started in `trigger_models.py`, and alerts in `alert_models.py`.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from trainboard.store.database import UtcTime

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UtcTime(), str: Text()}  # noqa: RUF012  read by SQLAlchemy


class DeliveryRow(Table):
    """The inbox: what came in, and what became of it.

    The wait until `run_at` began at `postponed_at`; None if the delivery never had to wait.
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    source: Mapped[str]
    delivery_id: Mapped[str]
    event_key: Mapped[str | None]
    hook: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    mailbox: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
    run_at: Mapped[datetime]
    postponed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("source", "delivery_id"),
        Index("ix_deliveries_event_key_hook", "event_key", "hook"),
        Index("ix_deliveries_delivery_id", "delivery_id"),
        Index("ix_deliveries_source_id", "source", "id"),
        Index(
            "ix_deliveries_waiting",
            "mailbox",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_deliveries_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
    )


class SpentTokenRow(Table):
    """Tokens that are good for one delivery, and the door and id of that; after `until` nobody takes them."""

    __tablename__ = "spent_tokens"

    token: Mapped[str] = mapped_column(primary_key=True)
    delivery: Mapped[str]
    until: Mapped[datetime] = mapped_column(index=True)


class DeliveryBodyRow(Table):
    """Bodies, compressed by zlib, apart: an update of a delivery must not rewrite them."""

    __tablename__ = "delivery_bodies"

    delivery: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class EffectRow(Table):
    """The outbox: what shall be true outside, and whether it is.

    `version` counts the folds into a pending effect: one that was folded into while it was
    applied stays pending, and `applied_version` says what was made true of it, -1 for nothing.
    `delivery` is the one that asked last; `EffectCauseRow` has all of them. The wait until `run_at`
    began at `postponed_at`, or else at `created_at`.
    """

    __tablename__ = "effects"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str]
    mailbox: Mapped[str]
    kind: Mapped[str]
    document: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    postponed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    error: Mapped[str | None]
    delivery: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id", ondelete="SET NULL"), index=True)

    applied_version: Mapped[int] = mapped_column(default=-1, server_default="-1")

    __table_args__ = (
        Index(
            "uq_effects_pending_key",
            "key",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_effects_pending",
            "mailbox",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_effects_dead",
            "key",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index("ix_effects_key_applied_at", "key", "applied_at"),
    )


class EffectCauseRow(Table):
    """Which deliveries asked for an effect; `version` is the effect's when this one folded into it."""

    __tablename__ = "effect_causes"

    effect: Mapped[int] = mapped_column(ForeignKey("effects.id", ondelete="CASCADE"), primary_key=True)
    delivery: Mapped[int] = mapped_column(
        ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    version: Mapped[int]


class MailboxRow(Table):
    """Who works on what, and when it is due. A lease keeps everybody else away until it ends."""

    __tablename__ = "mailboxes"

    name: Mapped[str] = mapped_column(primary_key=True)
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class EventRow(Table):
    """The append-only log of what happened; `at` is the source's time."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    subject: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    delivery: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id", ondelete="SET NULL"), index=True)
    document: Mapped[str]

    __table_args__ = (Index("ix_events_subject_at", "subject", "at"),)


class IterationRow(Table):
    """Sprints that a tracker has; `named_at` is the tracker's time of the name, None if it is not known.

    At `read_at`, after its end, what stood in it was written into the history. `closed_at` is when nothing
    was left to carry and it was closed; None until then.
    """

    __tablename__ = "iterations"

    project: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tracker: Mapped[str]
    ref: Mapped[str]
    name: Mapped[str]
    start: Mapped[date]
    end: Mapped[date]
    named_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_iterations_tracker_ref", "tracker", "ref"),)


class RunRow(Table):
    """Runs as merged from all reports; `number` is the sprint a run counts in."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    source: Mapped[str]
    run_id: Mapped[str]
    experiment: Mapped[str]
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))
    planned: Mapped[bool]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (
        UniqueConstraint("project", "source", "run_id"),
        Index("ix_runs_project_experiment_number", "project", "experiment", "number"),
        Index("ix_runs_project_run_id", "project", "run_id"),
    )


class ModelVersionRow(Table):
    """Versions in a model registry; `at` is when it first told of one."""

    __tablename__ = "model_versions"

    project: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[datetime]


class WorkItemRow(Table):
    """Work items that the bot made, as far as we know them.

    `state` is the tracker's, or `gone` for one that somebody deleted; `number` is the latest
    sprint; `judgements` are the targets and verdicts at the last writing, `budget` how much of it was used,
    `milestones` the keys of what people were told, None where that was never looked at.
    """

    __tablename__ = "work_items"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    experiment: Mapped[str]
    tracker: Mapped[str]
    ref: Mapped[str]
    title: Mapped[str]
    url: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    carries: Mapped[int] = mapped_column(default=0)
    carried_from: Mapped[str | None]
    judgements: Mapped[str] = mapped_column(default="[]")
    budget: Mapped[str] = mapped_column(default="[]", server_default="[]")
    milestones: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tracker", "ref"),
        Index("ix_work_items_project_state_number", "project", "state", "number"),
        Index("ix_work_items_project_id", "project", "id"),
    )


class WorkItemKeyRow(Table):
    """The keys that a work item answers to: one for each sprint that it was in."""

    __tablename__ = "work_item_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    work_item: Mapped[int] = mapped_column(ForeignKey("work_items.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]


class IntentRow(Table):
    """Things that the bot set out to make: after a doubt, look for them before making them again."""

    __tablename__ = "intents"

    key: Mapped[str] = mapped_column(primary_key=True)
    intended_at: Mapped[datetime]


class CursorRow(Table):
    """How far a run tracker has been read, and since when it cannot be reached and work items say so."""

    __tablename__ = "cursors"

    door: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    read_at: Mapped[datetime | None]
    unreachable_since: Mapped[datetime | None]
    error: Mapped[str | None]
    told_at: Mapped[datetime | None]


class BudgetRow(Table):
    """What each account of a platform has spent and was told; `used_at` is its last call."""

    __tablename__ = "budgets"

    account: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    used_at: Mapped[datetime]


class RecoveryRow(Table):
    """How far we have looked at what a sender says that it sent, and since when it does not tell.

    From `doubtful_since` on something may be missing: its hooks did not work.
    """

    __tablename__ = "recoveries"

    source: Mapped[str] = mapped_column(primary_key=True)
    looked_until: Mapped[datetime | None]
    unreachable_since: Mapped[datetime | None]
    error: Mapped[str | None]
    doubtful_since: Mapped[datetime | None]


class HookRow(Table):
    """A webhook that a platform sends to us, as the last look found it, and how often we mended it."""

    __tablename__ = "hooks"

    source: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    hook: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str]
    seen_at: Mapped[datetime]
    repairs: Mapped[int] = mapped_column(default=0)


class GapRow(Table):
    """A time in which deliveries of a sender did not reach us.

    It goes from the first to the last missing one. What was sent between `began_at` and
    `blind_until`, where that is set, nobody can tell any more.
    """

    __tablename__ = "gaps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    source: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    found_at: Mapped[datetime]
    blind_until: Mapped[datetime | None]

    __table_args__ = (Index("ix_gaps_source_id", "source", "id"),)


class MissedDeliveryRow(Table):
    """A delivery that did not reach us, and what became of it: recovered, expired or unreadable."""

    __tablename__ = "missed_deliveries"

    source: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(primary_key=True)
    gap: Mapped[int] = mapped_column(ForeignKey("gaps.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    sent_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]


class SecretRow(Table):
    """Keys that the installation made for itself, such as the one of its markers."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
