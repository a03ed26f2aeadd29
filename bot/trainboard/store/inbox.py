"""The inbox: every delivery once, until something has become of it."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Integer, bindparam, func, insert, select, update

from trainboard.deliveries import Acceptance, Delivery, DeliveryState
from trainboard.store import mailboxes
from trainboard.store.models import DeliveryBodyRow, DeliveryRow
from trainboard.store.upserts import MakeInsert, built_once


class StoredDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with its number in our inbox and the tries it took so far."""

    number: int
    mailbox: str
    attempts: int
    delivery: Delivery


def put(connection: Connection, delivery: Delivery, now: datetime) -> Acceptance:
    """Store `delivery` unless its outcome is known or on its way; a dead one is worked on again."""
    mailbox = f"in:{delivery.entity}"
    row = {
        "source": delivery.source,
        "delivery_id": delivery.id,
        "kind": delivery.kind,
        "mailbox": mailbox,
        "state": DeliveryState.WAITING,
        "received_at": now,
        "run_at": now,
        "attempts": 0,
    }
    number = connection.execute(_insert_delivery(connection), row).scalar()
    if number is None:
        return _again(connection, delivery, now)
    connection.execute(_INSERT_BODY, {"delivery": number, "body": zlib.compress(delivery.body, 1)})
    mailboxes.wake(connection, mailbox, now)
    return Acceptance.STORED


@built_once
def _insert_delivery(insert: MakeInsert) -> Any:
    added = insert(DeliveryRow).on_conflict_do_nothing(index_elements=["source", "delivery_id"])
    return added.returning(DeliveryRow.id)


_INSERT_BODY = insert(DeliveryBodyRow)


def _again(connection: Connection, delivery: Delivery, now: datetime) -> Acceptance:
    same = (DeliveryRow.source == delivery.source) & (DeliveryRow.delivery_id == delivery.id)
    row = connection.execute(select(DeliveryRow.id, DeliveryRow.state, DeliveryRow.mailbox).where(same)).one()
    if row.state == DeliveryState.DONE:
        return Acceptance.DUPLICATE
    if row.state == DeliveryState.WAITING:
        return Acceptance.IN_PROGRESS
    anew = {"state": DeliveryState.WAITING, "attempts": 0, "run_at": now, "error": None, "finished_at": None}
    connection.execute(update(DeliveryRow).where(DeliveryRow.id == row.id).values(anew))
    mailboxes.wake(connection, row.mailbox, now)
    return Acceptance.AGAIN


def list_waiting(
    connection: Connection, names: Collection[str], limit: int, now: datetime
) -> Sequence[StoredDelivery]:
    """The mailboxes' deliveries that have no outcome, in the order they came.

    One that waits for its retry holds back those behind it in its mailbox.
    """
    rows = connection.execute(_LIST_WAITING, {"names": list(names), "limit": limit}).all()
    held_back: set[str] = set()
    due: list[StoredDelivery] = []
    for row in rows:
        if row.run_at > now:
            held_back.add(row.mailbox)
        elif row.mailbox not in held_back:
            due.append(_stored(row))
    return due


_LIST_WAITING = (
    select(DeliveryRow, DeliveryBodyRow.body)
    .join(DeliveryBodyRow, DeliveryBodyRow.delivery == DeliveryRow.id)
    .where(
        DeliveryRow.mailbox.in_(bindparam("names", expanding=True)),
        DeliveryRow.state == DeliveryState.WAITING,
    )
    .order_by(DeliveryRow.id)
    .limit(bindparam("limit", type_=Integer()))
)


def _stored(row: Any) -> StoredDelivery:
    delivery = Delivery(
        source=row.source,
        id=row.delivery_id,
        kind=row.kind,
        entity=row.mailbox.removeprefix("in:"),
        body=zlib.decompress(row.body),
    )
    return StoredDelivery(number=row.id, mailbox=row.mailbox, attempts=row.attempts, delivery=delivery)


def finish(connection: Connection, notes: Mapping[int, str | None], now: datetime) -> None:
    """The deliveries with these numbers are done; a note says why nothing came of one, if nothing did."""
    rows = [{"number": number, "at": now, "note": note} for number, note in notes.items()]
    connection.execute(_FINISH, rows)


_FINISH = (
    update(DeliveryRow)
    .where(DeliveryRow.id == bindparam("number"))
    .values(state=DeliveryState.DONE, finished_at=bindparam("at"), error=bindparam("note"))
)


def bury(connection: Connection, number: int, now: datetime, reason: str) -> None:
    """The delivery is dead: nobody tries it again unless it is sent or replayed."""
    _set(connection, number, state=DeliveryState.DEAD, finished_at=now, error=reason)


def postpone(connection: Connection, number: int, run_at: datetime, attempts: int, reason: str) -> None:
    """Try the delivery again at `run_at`."""
    _set(connection, number, run_at=run_at, attempts=attempts, error=reason)


def oldest_waiting(connection: Connection, now: datetime) -> datetime | None:
    """Since when the oldest delivery is due that has no outcome, None if none is."""
    due = (DeliveryRow.state == DeliveryState.WAITING) & (DeliveryRow.run_at <= now)
    return connection.execute(select(func.min(DeliveryRow.run_at)).where(due)).scalar()


def count_states(connection: Connection) -> dict[str, int]:
    """How many deliveries stand where."""
    counted = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(DeliveryRow).where(DeliveryRow.id == number).values(values))
