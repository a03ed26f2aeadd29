"""The tables of reports: what was due, where it is kept, and what sprints came to when they ended."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class ReportRow(Table):
    """What came of a report for one target. The columns are the members of `trainboard.facts.ClaimReport`.

    `ended_at` is when it was known what came of it.
    """

    __tablename__ = "reports"

    key: Mapped[str] = mapped_column(primary_key=True)
    project: Mapped[str]
    number: Mapped[int]
    report: Mapped[str] = mapped_column(String(16))
    target: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str]
    due_at: Mapped[datetime]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_reports_at", "at"),)


class ReportPlaceRow(Table):
    """Where the report of a sprint is kept, and how it was written last.

    `ref` and `url` are of a work item or page, `digest` is that of the text, `version` what a page had. The
    tracker said when it was `written_at`, and told of a change last at `heard_at`, of one by somebody else at
    `touched_at`.
    """

    __tablename__ = "report_places"

    project: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(String(16), primary_key=True)
    place: Mapped[str]
    ref: Mapped[str]
    url: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[str]
    written_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    touched_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_report_places_ref", "place", "ref"),)


class ReportSnapshotRow(Table):
    """What a sprint came to, as known at `frozen_at`: JSON, its SHA-256 in hex, and what people read."""

    __tablename__ = "report_snapshots"

    project: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    frozen_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[str]
    markdown: Mapped[str]
