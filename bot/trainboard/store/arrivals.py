"""Deliveries that arrived together, stored in a few statements where none of them is known."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from trainboard.deliveries import Acceptance, Delivery
from trainboard.store import bodies, hot, inbox, spent_tokens


def put_all(connection: Connection, deliveries: Sequence[Delivery], now: datetime) -> list[Acceptance]:
    """What `inbox.put` says of each; nothing is stored of one whose token another delivery came with."""
    believed = [spent_tokens.spend(connection, each) for each in deliveries]
    if all(believed):
        return _put_believed(connection, deliveries, now)
    kept = [each for each, is_believed in zip(deliveries, believed, strict=True) if is_believed]
    stored = iter(_put_believed(connection, kept, now) if kept else ())
    return [next(stored) if is_believed else Acceptance.REPLAYED for is_believed in believed]


def _put_believed(connection: Connection, deliveries: Sequence[Delivery], now: datetime) -> list[Acceptance]:
    if connection.dialect.name != "sqlite":
        return [_put_one(connection, each, now) for each in deliveries]
    if _put_new(connection, deliveries, now):
        return [Acceptance.STORED] * len(deliveries)
    return [inbox.put(connection, each, now) for each in deliveries]


def _put_one(connection: Connection, new: Delivery, now: datetime) -> Acceptance:
    """Ask PostgreSQL once where the delivery is new: each question is a way there and back."""
    row = {
        "source": new.source,
        "id": new.id,
        "event": new.event_key,
        "hook": new.hook,
        "kind": new.kind,
        "mailbox": f"in:{new.entity}",
        "now": hot.moment(connection, now),
        "body": bodies.pack(new.body),
    }
    if new.event_key is not None:
        hot.find_row(connection, inbox.ONE_AT_A_TIME, row)
    stored = hot.find_row(connection, _PUT_ONE, row) is not None
    return Acceptance.STORED if stored else inbox.put(connection, new, now)


_PUT_ONE = """
    WITH added AS (
        INSERT INTO deliveries
            (source, delivery_id, event_key, hook, kind, mailbox, received_at, run_at, state, attempts)
        SELECT :source, :id, :event, :hook, :kind, :mailbox, :now, :now, 'waiting', 0
        WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE event_key = :event AND hook <> :hook)
        ON CONFLICT DO NOTHING RETURNING id
    ), body AS (
        INSERT INTO delivery_bodies (delivery, body) SELECT id, :body FROM added
    ), woken AS (
        INSERT INTO mailboxes (name, wake_at) SELECT :mailbox, :now FROM added
        ON CONFLICT (name) DO UPDATE SET wake_at = excluded.wake_at
        WHERE mailboxes.wake_at IS NULL OR mailboxes.wake_at > excluded.wake_at
    )
    SELECT id FROM added
"""


def _put_new(connection: Connection, deliveries: Sequence[Delivery], now: datetime) -> bool:
    """Store all, or none where one is known. SQLite has one writer, who may number them ahead."""
    if not _are_distinct(deliveries) or _are_told(connection, deliveries):
        return False
    first: int = hot.find_row(connection, _NEXT_NUMBER, {})[0]
    moment = hot.moment(connection, now)
    rows = [_row(number, each, moment) for number, each in enumerate(deliveries, first)]
    if hot.insert(connection, _INSERT, rows, "'waiting', 0") < len(rows):
        hot.execute(connection, _UNDO, {"first": first})
        return False
    packed = [(number, bodies.pack(each.body)) for number, each in enumerate(deliveries, first)]
    hot.insert(connection, _INSERT_BODIES, packed)
    hot.insert(connection, _WAKE, [(name, moment) for name in {row[6] for row in rows}])
    return True


def _row(number: int, new: Delivery, moment: object) -> tuple[object, ...]:
    return (number, new.source, new.id, new.event_key, new.hook, new.kind, f"in:{new.entity}", moment, moment)


_NEXT_NUMBER = "SELECT coalesce(max(id), 0) + 1 FROM deliveries"
_INSERT = """
    INSERT INTO deliveries
        (id, source, delivery_id, event_key, hook, kind, mailbox, received_at, run_at, state, attempts)
    VALUES {} ON CONFLICT DO NOTHING
"""
_UNDO = "DELETE FROM deliveries WHERE id >= :first"
_INSERT_BODIES = "INSERT INTO delivery_bodies (delivery, body) VALUES {}"
_WAKE = """
    INSERT INTO mailboxes (name, wake_at) VALUES {}
    ON CONFLICT (name) DO UPDATE SET wake_at = excluded.wake_at
    WHERE mailboxes.wake_at IS NULL OR mailboxes.wake_at > excluded.wake_at
"""


def _are_distinct(deliveries: Sequence[Delivery]) -> bool:
    ids = {(each.source, each.id) for each in deliveries}
    told = {(each.event_key, each.hook) for each in deliveries if each.event_key is not None}
    return len(ids) == len(deliveries) and len({key for key, _ in told}) == len(told)


def _are_told(connection: Connection, deliveries: Sequence[Delivery]) -> bool:
    """True if another hook told of one of the events before."""
    events = [(each.event_key, each.hook) for each in deliveries if each.event_key is not None]
    told = {"events": msgspec.json.encode(events).decode()}
    return bool(events) and hot.find_row(connection, _TOLD, told) is not None


_TOLD = """
    SELECT 1 FROM json_each(:events) AS told
    WHERE EXISTS (SELECT 1 FROM deliveries WHERE event_key = told.value ->> 0 AND hook < told.value ->> 1)
       OR EXISTS (SELECT 1 FROM deliveries WHERE event_key = told.value ->> 0 AND hook > told.value ->> 1)
    LIMIT 1
"""
