"""What happened to the work items of projects, each thing once however often it is told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Row, func, select

from trainboard.facts import RecordHappening
from trainboard.fingerprints import fingerprint
from trainboard.report.happenings import Happening
from trainboard.report.telling import TOLD, leave_out_told
from trainboard.store.history_models import ItemHistoryRow
from trainboard.store.upserts import insert

_DECODER = msgspec.json.Decoder(Happening)
_ROWS = 1000


def record(connection: Connection, fact: RecordHappening, now: datetime, delivery: int | None = None) -> None:
    """Write down what a delivery told, unless the tracker told it already when it was asked."""
    known = list_of_items(connection, fact.project, [fact.happening.item])
    add(connection, fact.project, leave_out_told([fact.happening], known), now, delivery)


def add(
    connection: Connection,
    project: str,
    happenings: Iterable[Happening],
    now: datetime,
    delivery: int | None = None,
) -> int:
    """Write down what happened, as heard of now; answers how much of it was new."""
    rows = [
        {
            "project": project,
            "item": each.item,
            "at": each.at,
            "noted_at": now,
            "document": msgspec.json.encode(each).decode(),
            "key": name_key(each),
            "planned": isinstance(each.sprint, int),
            "delivery": delivery,
        }
        for each in happenings
    ]
    held = _list_held(connection, project, [str(row["key"]) for row in rows])
    fresh = {row["key"]: row for row in reversed(rows) if row["key"] not in held}
    if fresh:
        statement = insert(connection, ItemHistoryRow).on_conflict_do_nothing()
        connection.execute(statement, list(fresh.values())[::-1])
    return len(fresh)


def _list_held(connection: Connection, project: str, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), _ROWS):
        some = ItemHistoryRow.key.in_(keys[start : start + _ROWS])
        query = select(ItemHistoryRow.key).where(ItemHistoryRow.project == project, some)
        found |= set(connection.execute(query).scalars())
    return found


def name_key(happening: Happening) -> str:
    """What tells it from all others: its source says so, and else all that it tells."""
    if happening.source:
        return happening.source
    return f"{TOLD}:{fingerprint(msgspec.json.encode(happening).decode())}"


def list_of(connection: Connection, project: str) -> Sequence[Happening]:
    """What happened to all items that ever were in a sprint, in the order in which it was heard of."""
    planned = select(ItemHistoryRow.item).where(ItemHistoryRow.project == project, ItemHistoryRow.planned)
    query = select(ItemHistoryRow).where(ItemHistoryRow.project == project, ItemHistoryRow.item.in_(planned))
    rows = connection.execute(query.order_by(ItemHistoryRow.id).execution_options(yield_per=_ROWS))
    return [_read(row) for row in rows]


def list_of_items(connection: Connection, project: str, items: Collection[str]) -> Sequence[Happening]:
    """All that happened to these items, in the order in which it was heard of."""
    mine = (ItemHistoryRow.project == project) & ItemHistoryRow.item.in_(items)
    return [_read(row) for row in connection.execute(select(ItemHistoryRow).where(mine).order_by("id"))]


def list_heard_since(connection: Connection, project: str, since: datetime) -> set[str]:
    """The items of which something was heard after that moment."""
    mine = (ItemHistoryRow.project == project) & (ItemHistoryRow.noted_at > since)
    return set(connection.execute(select(ItemHistoryRow.item).where(mine)).scalars())


def find_beginning(connection: Connection, project: str) -> datetime | None:
    """When the first of it was found by a look of our own, None where nothing was.

    What others told before is not all that there was.
    """
    mine = (ItemHistoryRow.project == project) & ItemHistoryRow.key.startswith(f"{TOLD}:")
    query = select(func.min(ItemHistoryRow.noted_at)).where(mine, ItemHistoryRow.delivery.is_(None))
    return connection.execute(query).scalar()


def _read(row: Row[Any]) -> Happening:
    return replace(_DECODER.decode(row.document), order=row.id, source=row.key, noted_at=row.noted_at)
