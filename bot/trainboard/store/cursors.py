"""How far each run tracker has been read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from trainboard.experiments import Cursor
from trainboard.outages import Outage
from trainboard.store.models import CursorRow
from trainboard.store.upserts import insert


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one reader.

    `read_at` is the end of the last complete look. `unreachable_since` is None while the tracker answers,
    `told_at` while no work item tells that it does not.
    """

    cursor: Cursor
    read_at: datetime | None = None
    unreachable_since: datetime | None = None
    told_at: datetime | None = None
    error: str | None = None


def get(connection: Connection, door: str) -> Reading:
    """How far the tracker was read; the beginning, if it never was."""
    row = connection.execute(select(CursorRow).where(CursorRow.door == door)).one_or_none()
    return _reading(row) if row else Reading(cursor=Cursor())


def list_readings(connection: Connection, doors: Collection[str]) -> dict[str, Reading]:
    """Those of these trackers at which somebody looked, by door."""
    rows = connection.execute(select(CursorRow).where(CursorRow.door.in_(doors)).order_by(CursorRow.door))
    return {row.door: _reading(row) for row in rows}


def list_outages(connection: Connection, doors: Collection[str], *, told: bool = False) -> list[Outage]:
    """Those of these trackers that cannot be read, by door; only what work items tell, if `told`."""
    return [
        Outage(door=door, since=reading.unreachable_since, reason=reading.error or "")
        for door, reading in list_readings(connection, doors).items()
        if reading.unreachable_since is not None and (reading.told_at is not None or not told)
    ]


def advance(
    connection: Connection, door: str, cursor: Cursor, now: datetime, *, complete: bool = True
) -> None:
    """Everything up to `cursor` is stored; if that is all that there is, the tracker answers."""
    good = {"read_at": now, "unreachable_since": None, "told_at": None, "error": None} if complete else {}
    values = {"document": msgspec.json.encode(cursor).decode(), **good}
    statement = insert(connection, CursorRow).values(door=door, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["door"], set_=values))


def fail(connection: Connection, door: str, now: datetime, error: str) -> None:
    """The tracker could not be read; the first failure of a row sets the time."""
    document = msgspec.json.encode(Cursor()).decode()
    statement = insert(connection, CursorRow).values(door=door, document=document)
    connection.execute(statement.on_conflict_do_nothing())
    mine = CursorRow.door == door
    connection.execute(update(CursorRow).where(mine).values(error=error))
    first = mine & CursorRow.unreachable_since.is_(None)
    connection.execute(update(CursorRow).where(first).values(unreachable_since=now))


def note_told(connection: Connection, door: str, now: datetime) -> None:
    """Work items tell of the outage from now on, until a complete look ends it."""
    connection.execute(update(CursorRow).where(CursorRow.door == door).values(told_at=now))


def _reading(row: Row[Any]) -> Reading:
    return Reading(
        cursor=msgspec.json.decode(row.document, type=Cursor),
        read_at=row.read_at,
        unreachable_since=row.unreachable_since,
        told_at=row.told_at,
        error=row.error,
    )
