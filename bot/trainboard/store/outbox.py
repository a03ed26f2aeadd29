"""The outbox: effects that are stored with the outcome that asked for them, and applied afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, func, select, text, update

from trainboard import effects
from trainboard.effects import Effect
from trainboard.errors import LimitedError
from trainboard.store import mailboxes
from trainboard.store.models import EffectRow
from trainboard.store.upserts import MakeInsert, built_once

DEAD_PAUSE = timedelta(minutes=10)


class StoredEffect(msgspec.Struct, frozen=True, kw_only=True):
    """A pending effect. `version` tells whether more was folded in while it was applied.

    `failed`: the last try did not succeed; `limited`: because a budget was used up.
    """

    number: int
    version: int
    attempts: int
    run_at: datetime
    failed: bool
    limited: bool
    effect: Effect


def put(
    connection: Connection, effect: Effect, now: datetime, *, pace: timedelta, delivery: int | None = None
) -> datetime:
    """Store `effect`, folded into a pending one of the same key; answers when it is due.

    A paced effect waits until `pace` has gone by since its key was applied last; the first one
    goes out at once. One whose like has died waits ten minutes: what asks for it again and again
    must not become a loop.
    """
    run_at = _earliest(connection, effect, now, pace)
    mailbox = f"out:{effect.mailbox}"
    row = {
        "key": effect.key,
        "mailbox": mailbox,
        "kind": type(effect).__name__,
        "document": effects.encode(effect),
        "created_at": now,
        "run_at": run_at,
        "delivery": delivery,
    }
    due: datetime = connection.execute(_put(connection), row).scalar_one()
    mailboxes.wake(connection, mailbox, due)
    return due


@built_once
def _put(insert: MakeInsert) -> Any:
    given = ("key", "mailbox", "kind", "document", "created_at", "run_at", "delivery")
    values: dict[str, Any] = {name: bindparam(name) for name in given}
    statement = insert(EffectRow).values(**values, state="pending", version=0, attempts=0)
    folded = {
        "document": statement.excluded.document,
        "delivery": statement.excluded.delivery,
        "version": EffectRow.version + 1,
    }
    put = statement.on_conflict_do_update(
        index_elements=["key"], index_where=text("state = 'pending'"), set_=folded
    )
    return put.returning(EffectRow.run_at)


def list_pending(connection: Connection, mailbox: str) -> Sequence[StoredEffect]:
    """The mailbox's effects that are not true yet, in the order they were asked for."""
    rows = connection.execute(
        select(EffectRow)
        .where(EffectRow.mailbox == mailbox, EffectRow.state == "pending")
        .order_by(EffectRow.id)
    )
    return [
        StoredEffect(
            number=row.id,
            version=row.version,
            attempts=row.attempts,
            run_at=row.run_at,
            failed=row.error is not None,
            limited=(row.error or "").startswith(f"{LimitedError.__name__}: "),
            effect=effects.decode(row.document),
        )
        for row in rows
    ]


def finish(connection: Connection, stored: StoredEffect, now: datetime, *, pace: timedelta) -> None:
    """The effect is true; if more was folded in meanwhile it stays pending for its next turn."""
    unchanged = (EffectRow.id == stored.number) & (EffectRow.version == stored.version)
    applied = {"state": "applied", "applied_at": now, "error": None}
    if connection.execute(update(EffectRow).where(unchanged).values(applied)).rowcount == 0:
        wait = pace if stored.effect.paced else timedelta(0)
        _set(connection, stored.number, run_at=now + wait, postponed_at=now, attempts=0, error=None)


def postpone(
    connection: Connection,
    stored: StoredEffect,
    run_at: datetime,
    attempts: int,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Try the effect again at `run_at`; later ones of its mailbox wait behind it."""
    _set(connection, stored.number, run_at=run_at, postponed_at=now, attempts=attempts, error=reason)


def bury(connection: Connection, stored: StoredEffect, now: datetime, reason: str) -> None:
    """The effect is dead, with the reason."""
    _set(connection, stored.number, state="dead", applied_at=now, error=reason)


def oldest_due(connection: Connection, now: datetime) -> datetime | None:
    """Since when the oldest effect is due that is not true yet, None if none is."""
    due = (EffectRow.state == "pending") & (EffectRow.run_at <= now)
    return connection.execute(select(func.min(EffectRow.run_at)).where(due)).scalar()


def count_states(connection: Connection) -> dict[str, int]:
    """How many effects stand where."""
    counted = select(EffectRow.state, func.count()).group_by(EffectRow.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _earliest(connection: Connection, effect: Effect, now: datetime, pace: timedelta) -> datetime:
    """After the last of its like; one that ended in the future, before a clock was set back, ended now."""
    died: datetime | None = connection.execute(_LAST_DEAD, {"key": effect.key}).scalar()
    earliest = now if died is None else max(now, min(now, died) + DEAD_PAUSE)
    if not effect.paced:
        return earliest
    applied: datetime | None = connection.execute(_LAST_APPLIED, {"key": effect.key}).scalar()
    return earliest if applied is None else max(earliest, min(now, applied) + pace)


def _last(state: str) -> Select[Any]:
    """When the key's last effect came to that end; the state is literal, so that its index serves."""
    ended = (EffectRow.key == bindparam("key")) & text(f"state = '{state}'")
    return select(EffectRow.applied_at).where(ended).order_by(EffectRow.applied_at.desc()).limit(1)


_LAST_DEAD = _last("dead")
_LAST_APPLIED = _last("applied")


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(EffectRow).where(EffectRow.id == number).values(values))
