"""The inbox: every delivery once, until something has become of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Integer, bindparam, func, select, update

from trainboard.deliveries import CLOCK_SOURCE, Acceptance, Delivery, DeliveryState
from trainboard.store import bodies, hot, log, mailboxes
from trainboard.store.models import DeliveryBodyRow, DeliveryRow


class StoredDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with its number in our inbox and the tries it took so far."""

    number: int
    mailbox: str
    attempts: int
    delivery: Delivery


class _Known(NamedTuple):
    """A delivery that is in the inbox already."""

    number: int
    state: str
    mailbox: str


def put(connection: Connection, delivery: Delivery, now: datetime) -> Acceptance:
    """Store `delivery` unless its outcome is known or on its way; a dead one is worked on again.

    An event that came through another hook before is stored as done, so that its id is known too.
    """
    twin = None if delivery.event_key is None else _find_twin(connection, delivery)
    added = hot.find_row(connection, _INSERT, _row(connection, delivery, twin, now))
    if added is None:
        same = {"source": delivery.source, "id": delivery.id}
        return _again(connection, _Known(*hot.find_row(connection, _SAME_ID, same)), now)
    if twin is not None:
        return _again(connection, twin, now)
    body = {"delivery": added[0], "body": bodies.pack(delivery.body)}
    hot.execute(connection, _INSERT_BODY, body)
    mailboxes.wake(connection, f"in:{delivery.entity}", now)
    return Acceptance.STORED


def _row(connection: Connection, delivery: Delivery, twin: _Known | None, now: datetime) -> dict[str, object]:
    moment = hot.moment(connection, now)
    told = f"the same event as delivery {twin.number}, through another hook" if twin else None
    return {
        "source": delivery.source,
        "id": delivery.id,
        "event": None if twin else delivery.event_key,
        "hook": delivery.hook,
        "kind": delivery.kind,
        "mailbox": f"in:{delivery.entity}",
        "state": DeliveryState.DONE if twin else DeliveryState.WAITING,
        "now": moment,
        "finished": moment if twin else None,
        "note": told,
    }


_INSERT = """
    INSERT INTO deliveries
        (source, delivery_id, event_key, hook, kind, mailbox, state, attempts, received_at, run_at,
         finished_at, error)
    VALUES (:source, :id, :event, :hook, :kind, :mailbox, :state, 0, :now, :now, :finished, :note)
    ON CONFLICT DO NOTHING RETURNING id
"""
_INSERT_BODY = "INSERT INTO delivery_bodies (delivery, body) VALUES (:delivery, :body)"
_SAME_ID = "SELECT id, state, mailbox FROM deliveries WHERE source = :source AND delivery_id = :id"


def _find_twin(connection: Connection, delivery: Delivery) -> _Known | None:
    """The delivery that told of the same event through another hook, None if none did.

    PostgreSQL has many writers: of two hooks that tell at the same time the second waits for the first.
    """
    event = {"event": delivery.event_key, "hook": delivery.hook}
    if connection.dialect.name != "sqlite":
        hot.find_row(connection, ONE_AT_A_TIME, event)
    row = hot.find_row(connection, _SAME_EVENT, event)
    return None if row is None else _Known(*row)


ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(:event, 0))"
_SAME_EVENT = """
    SELECT id, state, mailbox FROM deliveries WHERE event_key = :event AND hook < :hook
    UNION ALL
    SELECT id, state, mailbox FROM deliveries WHERE event_key = :event AND hook > :hook
    LIMIT 1
"""


def _again(connection: Connection, known: _Known, now: datetime) -> Acceptance:
    if known.state == DeliveryState.DONE:
        return Acceptance.DUPLICATE
    if known.state == DeliveryState.WAITING:
        return Acceptance.IN_PROGRESS
    _set(connection, known.number, **_anew(now))
    mailboxes.wake(connection, known.mailbox, now)
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
        body=bodies.unpack(row.body),
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


def postpone(
    connection: Connection, number: int, run_at: datetime, attempts: int, reason: str, *, now: datetime
) -> None:
    """Try the delivery again at `run_at`."""
    _set(connection, number, run_at=run_at, postponed_at=now, attempts=attempts, error=reason)


def replay(connection: Connection, number: int, now: datetime) -> None:
    """The delivery waits again, as if it had come just now; its events are told anew."""
    _set(connection, number, **_anew(now))
    log.forget(connection, number)
    mailbox = connection.execute(select(DeliveryRow.mailbox).where(DeliveryRow.id == number)).scalar_one()
    mailboxes.wake(connection, mailbox, now)


def oldest_waiting(connection: Connection, now: datetime) -> datetime | None:
    """Since when the oldest delivery is due that has no outcome, None if none is."""
    due = (DeliveryRow.state == DeliveryState.WAITING) & (DeliveryRow.run_at <= now)
    return connection.execute(select(func.min(DeliveryRow.run_at)).where(due)).scalar()


def oldest_by_source(connection: Connection, now: datetime) -> dict[str, datetime]:
    """The same for each source that has such a delivery."""
    due = (DeliveryRow.state == DeliveryState.WAITING) & (DeliveryRow.run_at <= now)
    oldest = select(DeliveryRow.source, func.min(DeliveryRow.run_at)).where(due).group_by(DeliveryRow.source)
    return {row[0]: row[1] for row in connection.execute(oldest)}


def find_last_received(connection: Connection) -> datetime | None:
    """When the last delivery came, None if none ever did."""
    return connection.execute(select(func.max(DeliveryRow.received_at))).scalar()


def find_last_tick(connection: Connection) -> datetime | None:
    """When a clock of ours ticked last, None if no tick is kept."""
    newest = select(func.max(DeliveryRow.id)).where(DeliveryRow.source == CLOCK_SOURCE)
    ticked = select(DeliveryRow.received_at).where(DeliveryRow.id == newest.scalar_subquery())
    return connection.execute(ticked).scalar()


def count_states(connection: Connection) -> dict[str, int]:
    """How many deliveries stand where."""
    counted = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _anew(now: datetime) -> dict[str, object]:
    return {
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "run_at": now,
        "postponed_at": None,
        "error": None,
        "finished_at": None,
    }


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(DeliveryRow).where(DeliveryRow.id == number).values(values))
