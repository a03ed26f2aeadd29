"""Which reports were asked for, each once, and what came of them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, or_, select, update

from trainboard.facts import ClaimReport
from trainboard.store.report_models import ReportRow
from trainboard.store.upserts import insert


class KnownReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report for one target, and what came of it: `asked`, `delivered`, `skipped`, `refused` or `unsure`.

    `ended_at` is None while that is not known.
    """

    key: str
    project: str
    number: int
    target: str
    state: str
    reason: str
    due_at: datetime
    at: datetime
    ended_at: datetime | None


class ReportFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which reports are asked for; an empty `project` or `state` means all.

    `after` is the moment and the key of the last row of the page before, None for the first page.
    """

    project: str = ""
    state: str = ""
    after: tuple[datetime, str] | None = None


def record(connection: Connection, fact: ClaimReport) -> None:
    """Note it, unless the key is known."""
    row = msgspec.structs.asdict(fact) | {"ended_at": None if fact.state == "asked" else fact.at}
    connection.execute(insert(connection, ReportRow).values(row).on_conflict_do_nothing())


def find(connection: Connection, key: str) -> KnownReport | None:
    """The report of that key."""
    row = connection.execute(select(ReportRow.__table__).where(ReportRow.key == key)).mappings().first()
    return None if row is None else msgspec.convert(dict(row), KnownReport)


def settle(connection: Connection, key: str, state: str, now: datetime, reason: str = "") -> None:
    """It is known what came of it."""
    mine = ReportRow.key == key
    connection.execute(update(ReportRow).where(mine).values(state=state, ended_at=now, reason=reason))


def list_last(connection: Connection, limit: int) -> Sequence[KnownReport]:
    """What was asked for or passed over last, the newest first."""
    return list_page(connection, ReportFilter(), limit)


def list_page(connection: Connection, wanted: ReportFilter, limit: int) -> Sequence[KnownReport]:
    """Those that are asked for, the newest first, at most `limit`."""
    query = select(ReportRow.__table__).where(ReportRow.state != "watched")
    if wanted.project:
        query = query.where(ReportRow.project == wanted.project)
    if wanted.state:
        query = query.where(ReportRow.state == wanted.state)
    if wanted.after is not None:
        at, key = wanted.after
        query = query.where(ReportRow.at <= at, or_(ReportRow.at < at, ReportRow.key > key))
    rows = connection.execute(query.order_by(ReportRow.at.desc(), ReportRow.key).limit(limit)).mappings()
    return [msgspec.convert(dict(row), KnownReport) for row in rows]


def count_by_state(connection: Connection, since: datetime) -> dict[str, int]:
    """How many of those that were asked for since then ended how."""
    query = select(ReportRow.state, func.count()).where(ReportRow.at >= since, ReportRow.state != "watched")
    return {row[0]: row[1] for row in connection.execute(query.group_by(ReportRow.state))}
