"""The outbox: effects that are stored with the outcome that asked for them, and applied afterwards."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, func, select, text, update

from trainboard import effects
from trainboard.effects import Effect
from trainboard.errors import LimitedError
from trainboard.store import mailboxes
from trainboard.store.models import DeliveryRow, EffectCauseRow, EffectRow
from trainboard.store.upserts import MakeInsert, built_once

DEAD_PAUSE = timedelta(minutes=10)


class Asked(msgspec.Struct, frozen=True):
    """An effect that was put: its number, its version with this fold, and when it is due."""

    number: int
    version: int
    due: datetime


class StoredEffect(msgspec.Struct, frozen=True, kw_only=True):
    """A pending effect. `version` tells whether more was folded in while it was applied.

    `failed`: the last try did not succeed; `limited`: because a budget was used up.
    `source` and `delivery` name the delivery that asked for it last, None where none did or it is gone.
    """

    number: int
    version: int
    attempts: int
    run_at: datetime
    failed: bool
    limited: bool
    effect: Effect
    source: str | None = None
    delivery: str | None = None


def put(
    connection: Connection, effect: Effect, now: datetime, *, pace: timedelta, delivery: int | None = None
) -> Asked:
    """Store `effect`, folded into a pending one of the same key.

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
    asked = Asked(*connection.execute(_put(connection), row).one())
    mailboxes.wake(connection, mailbox, asked.due)
    return asked


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
    return put.returning(EffectRow.id, EffectRow.version, EffectRow.run_at)


def note_causes(connection: Connection, causes: Iterable[tuple[Asked, int]]) -> None:
    """Note which deliveries asked for which effects."""
    rows = [{"effect": a.number, "delivery": delivery, "version": a.version} for a, delivery in causes]
    if rows:
        connection.execute(_note_causes(connection), rows)


@built_once
def _note_causes(insert: MakeInsert) -> Any:
    statement = insert(EffectCauseRow).values(
        effect=bindparam("effect"), delivery=bindparam("delivery"), version=bindparam("version")
    )
    return statement.on_conflict_do_update(
        index_elements=["effect", "delivery"], set_={"version": statement.excluded.version}
    )


def list_pending(connection: Connection, mailbox: str) -> Sequence[StoredEffect]:
    """The mailbox's effects that are not true yet, in the order they were asked for."""
    rows = connection.execute(_LIST_PENDING, {"mailbox": mailbox})
    return [
        StoredEffect(
            number=row.id,
            version=row.version,
            attempts=row.attempts,
            run_at=row.run_at,
            failed=row.error is not None,
            limited=(row.error or "").startswith(f"{LimitedError.__name__}: "),
            effect=effects.decode(row.document),
            source=row.source,
            delivery=row.delivery_id,
        )
        for row in rows
    ]


_LIST_PENDING = (
    select(EffectRow, DeliveryRow.source, DeliveryRow.delivery_id)
    .outerjoin(DeliveryRow, DeliveryRow.id == EffectRow.delivery)
    .where(EffectRow.mailbox == bindparam("mailbox"), EffectRow.state == "pending")
    .order_by(EffectRow.id)
)


def list_answered(connection: Connection, stored: StoredEffect) -> Sequence[tuple[str, datetime]]:
    """Sources whose deliveries this application answers, each with when its oldest one was received."""
    rows = connection.execute(_ANSWERED, {"effect": stored.number, "version": stored.version})
    return [(row[0], row[1]) for row in rows]


_ANSWERED = (
    select(DeliveryRow.source, func.min(DeliveryRow.received_at))
    .join(EffectCauseRow, EffectCauseRow.delivery == DeliveryRow.id)
    .join(EffectRow, EffectRow.id == EffectCauseRow.effect)
    .where(
        EffectRow.id == bindparam("effect"),
        EffectCauseRow.version > EffectRow.applied_version,
        EffectCauseRow.version <= bindparam("version"),
    )
    .group_by(DeliveryRow.source)
)


def finish(connection: Connection, stored: StoredEffect, now: datetime, *, pace: timedelta) -> None:
    """The effect is true; if more was folded in meanwhile it stays pending for its next turn."""
    unchanged = (EffectRow.id == stored.number) & (EffectRow.version == stored.version)
    applied = {"state": "applied", "applied_at": now, "error": None}
    if connection.execute(update(EffectRow).where(unchanged).values(applied)).rowcount == 0:
        again = {
            "run_at": now + _pace_of(stored.effect, pace),
            "postponed_at": now,
            "attempts": 0,
            "error": None,
        }
        _set(connection, stored.number, applied_version=stored.version, **again)


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


def count_failing(connection: Connection) -> dict[str, int]:
    """How many effects of each kind failed when they were tried last; those that wait for a limit do not."""
    limited = EffectRow.error.startswith(f"{LimitedError.__name__}: ", autoescape=True)
    failing = (EffectRow.state == "pending") & EffectRow.error.is_not(None) & ~limited
    counted = select(EffectRow.kind, func.count()).where(failing).group_by(EffectRow.kind)
    return {row[0]: row[1] for row in connection.execute(counted)}


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
    return earliest if applied is None else max(earliest, min(now, applied) + _pace_of(effect, pace))


def _pace_of(effect: Effect, pace: timedelta) -> timedelta:
    return min(pace, timedelta(seconds=effect.longest_pace_seconds)) if effect.paced else timedelta(0)


def _last(state: str) -> Select[Any]:
    """When the key's last effect came to that end; the state is literal, so that its index serves."""
    ended = (EffectRow.key == bindparam("key")) & text(f"state = '{state}'")
    return select(EffectRow.applied_at).where(ended).order_by(EffectRow.applied_at.desc()).limit(1)


_LAST_DEAD = _last("dead")
_LAST_APPLIED = _last("applied")


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(EffectRow).where(EffectRow.id == number).values(values))
