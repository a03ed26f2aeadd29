"""What nobody tells is found by looking: work that nobody woke, and a clock that was set back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, func, select, union_all, update

from trainboard.deliveries import CLOCK_SOURCE
from trainboard.store import mailboxes
from trainboard.store.models import DeliveryRow, EffectRow, MailboxRow

SLACK = timedelta(seconds=1)


def sweep(connection: Connection, now: datetime, lease: timedelta) -> int:
    """Put right what is out of step; answers how many mailboxes were woken.

    `lease` is the length of a lease. Everything here may be done by any number of processes at once.
    """
    mailboxes.cut_leases(connection, now, lease)
    _free_ticks(connection, now)
    names = _bring_forward(connection, now) | _find_lost(connection)
    for name in sorted(names):
        mailboxes.wake(connection, name, now)
    return len(names)


def _find_lost(connection: Connection) -> set[str]:
    """Mailboxes that hold work and are never due."""
    known = select(MailboxRow.name).where(MailboxRow.wake_at.is_not(None))
    waiting = union_all(
        select(DeliveryRow.mailbox).where(DeliveryRow.state == "waiting"),
        select(EffectRow.mailbox).where(EffectRow.state == "pending"),
    ).subquery()
    lost = select(waiting.c.mailbox).distinct().where(waiting.c.mailbox.not_in(known))
    return set(connection.execute(lost).scalars())


def _bring_forward(connection: Connection, now: datetime) -> set[str]:
    """Let waits that began in the future begin now: the clock was set back since. Answers their mailboxes."""
    names: set[str] = set()
    for row, since, state in (
        (DeliveryRow, func.coalesce(DeliveryRow.postponed_at, DeliveryRow.run_at), "waiting"),
        (EffectRow, func.coalesce(EffectRow.postponed_at, EffectRow.created_at), "pending"),
    ):
        future = select(row.id, row.mailbox, row.run_at, since.label("since"))
        found = connection.execute(future.where(row.state == state, since > now + SLACK)).all()
        _begin_now(connection, row, found, now)
        names |= {each.mailbox for each in found}
    return names


def _begin_now(
    connection: Connection, row: type[DeliveryRow | EffectRow], found: Collection[Any], now: datetime
) -> None:
    begun = update(row).where(row.id == bindparam("number"))
    anew = begun.values(run_at=bindparam("due"), postponed_at=now)
    if found:
        due = [{"number": each.id, "due": now + (each.run_at - each.since)} for each in found]
        connection.execute(anew, due)


def _free_ticks(connection: Connection, now: datetime) -> None:
    """Call ticks of the future by other ids: their time comes again, and ticks of it are no duplicates."""
    newest: datetime | None = connection.execute(_NEWEST_TICK).scalar()
    if newest is not None and newest > now + SLACK:
        connection.execute(_FREE_TICKS, {"later": now + SLACK})


_IS_TICK = DeliveryRow.source == CLOCK_SOURCE
_NEWEST_TICK = select(DeliveryRow.received_at).where(_IS_TICK).order_by(DeliveryRow.id.desc()).limit(1)
_OWN = "/" + cast(DeliveryRow.id, Text())
_FREE_TICKS = (
    update(DeliveryRow)
    .where(_IS_TICK, DeliveryRow.received_at > bindparam("later"))
    .where(DeliveryRow.delivery_id.not_like("%" + _OWN))
    .values(delivery_id=DeliveryRow.delivery_id + _OWN)
)
