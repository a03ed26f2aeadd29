"""How far each run tracker has been read."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, update

from trainboard.experiments import Cursor
from trainboard.store.models import CursorRow
from trainboard.store.upserts import insert


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one reader. `unreachable_since` is None while the tracker answers."""

    cursor: Cursor
    read_at: datetime | None = None
    unreachable_since: datetime | None = None
    error: str | None = None


def get(connection: Connection, door: str) -> Reading:
    """How far the tracker was read; the beginning, if it never was."""
    row = connection.execute(select(CursorRow).where(CursorRow.door == door)).one_or_none()
    if row is None:
        return Reading(cursor=Cursor())
    return Reading(
        cursor=msgspec.json.decode(row.document, type=Cursor),
        read_at=row.read_at,
        unreachable_since=row.unreachable_since,
        error=row.error,
    )


def advance(connection: Connection, door: str, cursor: Cursor, now: datetime) -> None:
    """Everything up to `cursor` is stored, and the tracker answers."""
    document = msgspec.json.encode(cursor).decode()
    values = {"document": document, "read_at": now, "unreachable_since": None, "error": None}
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
