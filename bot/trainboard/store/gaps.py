"""What did not reach us: how far we have looked, the gaps that were found, and what became of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select, union, update

from trainboard.store.models import DeliveryRow, GapRow, MissedDeliveryRow, RecoveryRow
from trainboard.store.upserts import insert


class Fate(StrEnum):
    """What became of a delivery that did not reach us."""

    RECOVERED = "recovered"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that did not reach us. `reason` is None for one that was recovered."""

    id: str
    kind: str
    sent_at: datetime
    fate: Fate
    reason: str | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How a sender was looked at. `until` is None before the first look came to its end.

    From `doubtful_since` on something may be missing; None where nothing speaks for it.
    """

    until: datetime | None = None
    doubtful_since: datetime | None = None
    unreachable_since: datetime | None = None
    error: str | None = None


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which deliveries did not reach us, from the first to the last missing one.

    `fates` counts them. What was sent before `blind_until`, where that is set, nobody can tell.
    """

    number: int
    source: str
    began_at: datetime
    ended_at: datetime
    found_at: datetime
    blind_until: datetime | None
    fates: dict[str, int]

    @property
    def missing(self) -> int:
        """How many did not reach us."""
        return sum(self.fates.values())

    @property
    def recovered(self) -> int:
        """How many of them were recovered."""
        return self.fates.get(Fate.RECOVERED, 0)


def get_look(connection: Connection, source: str) -> Look:
    """The last look at the sender; an empty one before the first."""
    row = connection.execute(select(RecoveryRow).where(RecoveryRow.source == source)).one_or_none()
    if row is None:
        return Look()
    return _look(row)


def doubt(connection: Connection, source: str, since: datetime) -> None:
    """What the sender sent since then may be missing, until a look that came to its end says otherwise."""
    statement = insert(connection, RecoveryRow).values(source=source, doubtful_since=since)
    kept = {"doubtful_since": func.coalesce(RecoveryRow.doubtful_since, statement.excluded.doubtful_since)}
    connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=kept))


def advance(
    connection: Connection, source: str, until: datetime, *, doubtful_since: datetime | None = None
) -> None:
    """All that the sender sent up to `until` is here or known to be lost, and the sender answers.

    What was sent since `doubtful_since` is to be looked at once more.
    """
    values = {
        "looked_until": until,
        "doubtful_since": doubtful_since,
        "unreachable_since": None,
        "error": None,
    }
    statement = insert(connection, RecoveryRow).values(source=source, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=values))


def fail(connection: Connection, source: str, now: datetime, error: str) -> None:
    """The look came to no end; the first failure of a row sets the time."""
    statement = insert(connection, RecoveryRow).values(source=source)
    connection.execute(statement.on_conflict_do_nothing())
    mine = RecoveryRow.source == source
    connection.execute(update(RecoveryRow).where(mine).values(error=error))
    first = mine & RecoveryRow.unreachable_since.is_(None)
    connection.execute(update(RecoveryRow).where(first).values(unreachable_since=now))


def list_settled(connection: Connection, source: str, ids: Collection[str]) -> set[str]:
    """Those of the ids that came in, or were missed and need no second look."""
    came_in = select(DeliveryRow.delivery_id).where(
        DeliveryRow.source == source, DeliveryRow.delivery_id.in_(ids)
    )
    missed = select(MissedDeliveryRow.delivery_id).where(
        MissedDeliveryRow.source == source, MissedDeliveryRow.delivery_id.in_(ids)
    )
    return set(connection.execute(union(came_in, missed)).scalars())


def open_gap(
    connection: Connection,
    source: str,
    began_at: datetime,
    now: datetime,
    *,
    since: datetime | None,
    blind_until: datetime | None = None,
) -> int:
    """A gap that begins at `began_at`; answers its number.

    One that was still found by the last look, at `since` or later, goes on instead.
    """
    latest = connection.execute(
        select(GapRow.id, GapRow.found_at).where(GapRow.source == source).order_by(GapRow.id.desc()).limit(1)
    ).one_or_none()
    if latest is not None and since is not None and latest.found_at >= since:
        connection.execute(update(GapRow).where(GapRow.id == latest.id).values(found_at=now))
        return int(latest.id)
    values = {"began_at": began_at, "ended_at": began_at, "found_at": now, "blind_until": blind_until}
    added = insert(connection, GapRow).values(source=source, **values).returning(GapRow.id)
    return int(connection.execute(added).scalar_one())


def note(connection: Connection, source: str, gap: int, missed: Missed) -> None:
    """The delivery did not reach us, and this became of it."""
    row = {
        "source": source,
        "delivery_id": missed.id,
        "gap": gap,
        "kind": missed.kind,
        "sent_at": missed.sent_at,
        "outcome": missed.fate,
        "reason": missed.reason,
    }
    connection.execute(insert(connection, MissedDeliveryRow).values(row).on_conflict_do_nothing())
    longer = (GapRow.id == gap) & (GapRow.ended_at < missed.sent_at)
    connection.execute(update(GapRow).where(longer).values(ended_at=missed.sent_at))


def get_gap(connection: Connection, number: int) -> Gap:
    """The gap of that number."""
    row = connection.execute(select(GapRow).where(GapRow.id == number)).one()
    return _gap(row, _count_by_gap(connection, [number]).get(number, {}))


def list_latest(connection: Connection, limit: int) -> Sequence[Gap]:
    """The latest gaps of all senders, latest first."""
    rows = connection.execute(select(GapRow).order_by(GapRow.id.desc()).limit(limit)).all()
    fates = _count_by_gap(connection, [row.id for row in rows])
    return [_gap(row, fates.get(row.id, {})) for row in rows]


def count_gaps(connection: Connection) -> dict[str, int]:
    """How many gaps each sender had, of those that are kept."""
    counted = select(GapRow.source, func.count()).group_by(GapRow.source)
    return {row[0]: row[1] for row in connection.execute(counted)}


def count_missed(connection: Connection) -> dict[tuple[str, str], int]:
    """How many deliveries of each sender had which fate, of those that are kept."""
    columns = (MissedDeliveryRow.source, MissedDeliveryRow.outcome)
    counted = select(*columns, func.count()).group_by(*columns)
    return {(row[0], row[1]): row[2] for row in connection.execute(counted)}


def list_looks(connection: Connection) -> dict[str, Look]:
    """The last look at every sender."""
    return {row.source: _look(row) for row in connection.execute(select(RecoveryRow))}


def _look(row: Row[Any]) -> Look:
    return Look(
        until=row.looked_until,
        doubtful_since=row.doubtful_since,
        unreachable_since=row.unreachable_since,
        error=row.error,
    )


def _count_by_gap(connection: Connection, gaps: Collection[int]) -> dict[int, dict[str, int]]:
    columns = (MissedDeliveryRow.gap, MissedDeliveryRow.outcome)
    counted = select(*columns, func.count()).where(MissedDeliveryRow.gap.in_(gaps)).group_by(*columns)
    found: dict[int, dict[str, int]] = {}
    for gap, outcome, amount in connection.execute(counted):
        found.setdefault(gap, {})[outcome] = amount
    return found


def _gap(row: Row[Any], fates: dict[str, int]) -> Gap:
    return Gap(
        number=row.id,
        source=row.source,
        began_at=row.began_at,
        ended_at=row.ended_at,
        found_at=row.found_at,
        blind_until=row.blind_until,
        fates=fates,
    )
