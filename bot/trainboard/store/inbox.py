"""The inbox: every delivery once, until something has become of it."""

import itertools
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select, update

from trainboard.deliveries import Acceptance, Delivery, DeliveryState
from trainboard.store import mailboxes
from trainboard.store.models import DeliveryBodyRow, DeliveryRow
from trainboard.store.upserts import insert


class StoredDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with its number in our inbox and the tries it took so far."""

    number: int
    attempts: int
    delivery: Delivery


def put(connection: Connection, delivery: Delivery, now: datetime) -> Acceptance:
    """Store `delivery` unless its outcome is known or on its way; a dead one is worked on again."""
    mailbox = f"in:{delivery.entity}"
    number = connection.execute(
        insert(connection, DeliveryRow)
        .values(
            source=delivery.source,
            delivery_id=delivery.id,
            kind=delivery.kind,
            mailbox=mailbox,
            state=DeliveryState.WAITING,
            received_at=now,
            run_at=now,
        )
        .on_conflict_do_nothing(index_elements=["source", "delivery_id"])
        .returning(DeliveryRow.id)
    ).scalar()
    if number is None:
        return _again(connection, delivery, now)
    compressed = zlib.compress(delivery.body, 1)
    connection.execute(insert(connection, DeliveryBodyRow).values(delivery=number, body=compressed))
    mailboxes.wake(connection, mailbox, now)
    return Acceptance.STORED


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


def list_waiting(connection: Connection, mailbox: str, limit: int, now: datetime) -> Sequence[StoredDelivery]:
    """The mailbox's deliveries that have no outcome, in the order they came.

    One that waits for its retry holds back those behind it.
    """
    rows = connection.execute(
        select(DeliveryRow, DeliveryBodyRow.body)
        .join(DeliveryBodyRow, DeliveryBodyRow.delivery == DeliveryRow.id)
        .where(DeliveryRow.mailbox == mailbox, DeliveryRow.state == DeliveryState.WAITING)
        .order_by(DeliveryRow.id)
        .limit(limit)
    )
    due = itertools.takewhile(lambda row: row.run_at <= now, rows)
    return [StoredDelivery(number=row.id, attempts=row.attempts, delivery=_delivery(row)) for row in due]


def _delivery(row: Any) -> Delivery:
    return Delivery(
        source=row.source,
        id=row.delivery_id,
        kind=row.kind,
        entity=row.mailbox.removeprefix("in:"),
        body=zlib.decompress(row.body),
    )


def finish(connection: Connection, number: int, now: datetime, *, note: str | None = None) -> None:
    """The delivery is done; `note` says why nothing came of it, if nothing did."""
    _set(connection, number, state=DeliveryState.DONE, finished_at=now, error=note)


def bury(connection: Connection, number: int, now: datetime, reason: str) -> None:
    """The delivery is dead: nobody tries it again unless it is sent or replayed."""
    _set(connection, number, state=DeliveryState.DEAD, finished_at=now, error=reason)


def postpone(connection: Connection, number: int, run_at: datetime, attempts: int, reason: str) -> None:
    """Try the delivery again at `run_at`."""
    _set(connection, number, run_at=run_at, attempts=attempts, error=reason)


def oldest_waiting(connection: Connection, now: datetime) -> datetime | None:
    """When the oldest delivery came that is due and has no outcome."""
    due = (DeliveryRow.state == DeliveryState.WAITING) & (DeliveryRow.run_at <= now)
    return connection.execute(select(func.min(DeliveryRow.received_at)).where(due)).scalar()


def count_states(connection: Connection) -> dict[str, int]:
    """How many deliveries stand where."""
    counted = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(DeliveryRow).where(DeliveryRow.id == number).values(values))
