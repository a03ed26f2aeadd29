"""Mailboxes: what is due, and who has it. A lease is the mutual exclusion of everything else."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, union_all, update

from trainboard.store.models import DeliveryRow, EffectRow, MailboxRow
from trainboard.store.upserts import insert


def wake(connection: Connection, name: str, at: datetime) -> None:
    """Make the mailbox due at `at`, or earlier if it already was."""
    statement = insert(connection, MailboxRow).values(name=name, wake_at=at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"wake_at": statement.excluded.wake_at},
            where=or_(MailboxRow.wake_at.is_(None), MailboxRow.wake_at > statement.excluded.wake_at),
        )
    )


def claim(connection: Connection, owner: str, now: datetime, lease: timedelta) -> str | None:
    """Lease the mailbox that has been due longest; None if none is due and free."""
    due = (
        select(MailboxRow.name)
        .where(MailboxRow.wake_at <= now)
        .where(or_(MailboxRow.lease_until.is_(None), MailboxRow.lease_until <= now))
        .order_by(MailboxRow.wake_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    name: str | None = connection.execute(due).scalar()
    if name is not None:
        leased = {"owner": owner, "lease_until": now + lease}
        connection.execute(update(MailboxRow).where(MailboxRow.name == name).values(leased))
    return name


def renew(connection: Connection, name: str, owner: str, until: datetime) -> bool:
    """Keep the lease until `until`; False if somebody else has taken it."""
    mine = (MailboxRow.name == name) & (MailboxRow.owner == owner)
    return connection.execute(update(MailboxRow).where(mine).values(lease_until=until)).rowcount == 1


def release(connection: Connection, name: str, owner: str) -> datetime | None:
    """Give the mailbox back; answers when it is due next, None if nothing waits in it.

    The row is locked before the waiting work is read, so that a wake-up which comes at the same
    time is either seen here or made after.
    """
    mine = (MailboxRow.name == name) & (MailboxRow.owner == owner)
    if connection.execute(select(MailboxRow.name).where(mine).with_for_update()).scalar() is None:
        return None
    wake_at: datetime | None = connection.execute(_next_due(name)).scalar()
    free = {"owner": None, "lease_until": None, "wake_at": wake_at}
    connection.execute(update(MailboxRow).where(mine).values(free))
    return wake_at


def release_all(connection: Connection) -> None:
    """End every lease: right only for the one process of an embedded installation, at its start."""
    connection.execute(update(MailboxRow).values(owner=None, lease_until=None))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next mailbox is due that nobody holds, None if there is none."""
    free = or_(MailboxRow.owner.is_(None), MailboxRow.lease_until <= now)
    return connection.execute(select(func.min(MailboxRow.wake_at)).where(free)).scalar()


def sweep(connection: Connection, now: datetime) -> int:
    """Wake every mailbox that holds work and was not woken; answers how many there were."""
    known = select(MailboxRow.name).where(MailboxRow.wake_at.is_not(None))
    waiting = union_all(
        select(DeliveryRow.mailbox).where(DeliveryRow.state == "waiting"),
        select(EffectRow.mailbox).where(EffectRow.state == "pending"),
    ).subquery()
    lost = select(waiting.c.mailbox).distinct().where(waiting.c.mailbox.not_in(known))
    names = connection.execute(lost).scalars().all()
    for name in names:
        wake(connection, name, now)
    return len(names)


def _next_due(name: str) -> Select[Any]:
    waiting = union_all(
        select(DeliveryRow.run_at).where(DeliveryRow.mailbox == name, DeliveryRow.state == "waiting"),
        select(EffectRow.run_at).where(EffectRow.mailbox == name, EffectRow.state == "pending"),
    ).subquery()
    return select(func.min(waiting.c.run_at))
