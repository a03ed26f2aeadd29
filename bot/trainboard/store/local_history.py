"""Changes on a local board, written into the history of its project in the transaction that makes them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import UNSET
from sqlalchemy import Connection, func, select

from trainboard.report.happenings import Happening, State
from trainboard.store import item_history, iterations
from trainboard.store.history_models import ItemHistoryRow
from trainboard.work_items import WorkItem


def note(
    connection: Connection,
    board: str,
    before: WorkItem | None,
    after: WorkItem,
    *,
    is_start: Callable[[str], bool],
    now: datetime,
) -> None:
    """Write down what is another than before; all of it for an item that is new.

    Args:
        connection: in which the change is made.
        board: whose item it is, which is the project's name.
        before: the item before, None for a new one.
        after: the item now.
        is_start: whether a label tells that work began.
        now: when it changes.
    """
    then = {} if before is None else _list_told(connection, board, before)
    told = {
        name: value
        for name, value in _list_told(connection, board, after).items()
        if name not in then or then[name] != value
    }
    put_on = set(after.labels) - set(before.labels if before else ())
    begins = any(map(is_start, put_on))
    if not told and not begins:
        return
    number = connection.execute(select(func.coalesce(func.max(ItemHistoryRow.id), 0))).scalar_one()
    happening = Happening(
        item=after.ref,
        at=now,
        sequence=number,
        source=f"board:{after.ref}/{number}",
        begins=begins,
        title=told.get("title", UNSET),
        url=told.get("url", UNSET),
        sprint=told.get("sprint", UNSET),
        points=told.get("points", UNSET),
        state=told.get("state", UNSET),
    )
    item_history.add(connection, board, [happening], now)


def _list_told(connection: Connection, board: str, item: WorkItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "url": item.url,
        "sprint": iterations.find_number_of(connection, board, item.iteration) if item.iteration else None,
        "points": None if item.estimate is None else Decimal(str(item.estimate)),
        "state": _to_state(item),
    }


def _to_state(item: WorkItem) -> State:
    if item.state == "open":
        return "open"
    return "cancelled" if item.closed_as == "not planned" else "done"
