"""What happened to the work items of projects."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, func, insert, select

from trainboard.report.happenings import Happening
from trainboard.store.history_models import ItemHistoryRow

_DECODER = msgspec.json.Decoder(Happening)
_ROWS = 1000


def add(connection: Connection, project: str, happenings: Iterable[Happening], now: datetime) -> None:
    """Write down what happened, as heard of now."""
    rows = [
        {
            "project": project,
            "item": each.item,
            "at": each.at,
            "noted_at": now,
            "document": msgspec.json.encode(each).decode(),
        }
        for each in happenings
    ]
    if rows:
        connection.execute(insert(ItemHistoryRow), rows)


def list_of(connection: Connection, project: str) -> Sequence[Happening]:
    """All that happened in the project, in the order in which it was heard of."""
    query = select(ItemHistoryRow.id, ItemHistoryRow.document).where(ItemHistoryRow.project == project)
    rows = connection.execute(query.order_by(ItemHistoryRow.id).execution_options(yield_per=_ROWS))
    return [replace(_DECODER.decode(row.document), order=row.id) for row in rows]


def find_beginning(connection: Connection, project: str) -> datetime | None:
    """When the first of it was heard of, None where nothing was."""
    query = select(func.min(ItemHistoryRow.noted_at)).where(ItemHistoryRow.project == project)
    return connection.execute(query).scalar()
