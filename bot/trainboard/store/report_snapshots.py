"""What sprints came to, as it was known when they were over. Rows are added and never changed."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from trainboard.store.report_models import ReportSnapshotRow
from trainboard.store.upserts import insert


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A final report: as JSON, whose SHA-256 in hex is `sha256`, and as Markdown."""

    project: str
    number: int
    frozen_at: datetime
    sha256: str
    document: str
    markdown: str


def find(connection: Connection, project: str, number: int) -> Snapshot | None:
    """The final report of the sprint, None while there is none."""
    mine = (ReportSnapshotRow.project == project) & (ReportSnapshotRow.number == number)
    row = connection.execute(select(ReportSnapshotRow.__table__).where(mine)).mappings().first()
    return None if row is None else msgspec.convert(dict(row), Snapshot)


def add(connection: Connection, snapshot: Snapshot) -> None:
    """Keep it, unless one is kept."""
    row = msgspec.structs.asdict(snapshot)
    connection.execute(insert(connection, ReportSnapshotRow).values(row).on_conflict_do_nothing())
