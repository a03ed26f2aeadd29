"""How the hooks of platforms stood when they were last looked at, and how often they were mended."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, tuple_

from trainboard.hooks import Hook
from trainboard.store.models import HookRow
from trainboard.store.upserts import insert


def record(connection: Connection, source: str, hooks: Sequence[Hook], now: datetime) -> None:
    """These are the hooks of the source, and this is how they stand."""
    for hook in hooks:
        _put(connection, source, hook, now, repairs=0)
    seen = [(hook.place, hook.name) for hook in hooks]
    gone = (HookRow.source == source) & tuple_(HookRow.place, HookRow.name).not_in(seen)
    connection.execute(delete(HookRow).where(gone))


def note_repair(connection: Connection, source: str, hook: Hook, now: datetime) -> None:
    """The hook was mended, and stands as it does now."""
    _put(connection, source, hook, now, repairs=1)


def count_states(connection: Connection) -> dict[tuple[str, str], int]:
    """How many hooks of each source stand how."""
    columns = (HookRow.source, HookRow.state)
    counted = select(*columns, func.count()).group_by(*columns)
    return {(row[0], row[1]): row[2] for row in connection.execute(counted)}


def count_repairs(connection: Connection) -> dict[str, int]:
    """How often hooks of each source were mended, of those that we still need."""
    counted = select(HookRow.source, func.sum(HookRow.repairs)).group_by(HookRow.source)
    return {row[0]: int(row[1]) for row in connection.execute(counted)}


def _put(connection: Connection, source: str, hook: Hook, now: datetime, *, repairs: int) -> None:
    values = {"hook": hook.id, "state": hook.state.value, "detail": hook.detail, "seen_at": now}
    keys = {"source": source, "place": hook.place, "name": hook.name}
    statement = insert(connection, HookRow).values(**keys, **values, repairs=repairs)
    changed = {**values, "repairs": HookRow.repairs + repairs}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))
