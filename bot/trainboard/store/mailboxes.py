"""Mailboxes: what is due, and who has it. A lease is the mutual exclusion of everything else."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, or_, select, union_all, update

from trainboard.store.models import DeliveryRow, EffectRow, MailboxRow
from trainboard.store.upserts import MakeInsert, built_once


def wake(connection: Connection, name: str, at: datetime) -> None:
    """Make the mailbox due at `at`, or earlier if it already was."""
    connection.execute(_wake(connection), {"name": name, "wake_at": at})


@built_once
def _wake(insert: MakeInsert) -> Any:
    statement = insert(MailboxRow).values(name=bindparam("name"), wake_at=bindparam("wake_at"))
    due = statement.excluded.wake_at
    return statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"wake_at": due},
        where=or_(MailboxRow.wake_at.is_(None), MailboxRow.wake_at > due),
    )


def claim(
    connection: Connection, owner: str, now: datetime, lease: timedelta, *, most: int = 1
) -> Sequence[str]:
    """Lease mailboxes, those that have been due longest first; none if none is due and free.

    At most `most` of deliveries, which are worked on together, or one of effects: each of those
    may take its time.
    """
    names = connection.execute(_DUE, {"now": now, "most": most}).scalars().all()
    if names and not names[0].startswith("in:"):
        names = names[:1]
    names = [name for name in names if name.startswith("in:")] or list(names)
    if names:
        connection.execute(_LEASE, {"names": names, "me": owner, "until": now + lease})
    return names


_DUE = (
    select(MailboxRow.name)
    .where(MailboxRow.wake_at <= bindparam("now"))
    .where(or_(MailboxRow.lease_until.is_(None), MailboxRow.lease_until <= bindparam("now")))
    .order_by(MailboxRow.wake_at)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)
_NAMED = MailboxRow.name.in_(bindparam("names", expanding=True))
_MINE = _NAMED & (MailboxRow.owner == bindparam("me"))
_LEASE = update(MailboxRow).where(_NAMED).values(owner=bindparam("me"), lease_until=bindparam("until"))


def renew(connection: Connection, names: Collection[str], owner: str, until: datetime) -> bool:
    """Keep the leases until `until`; False if somebody else has taken one of them."""
    renewed = connection.execute(_RENEW, {"names": list(names), "me": owner, "until": until})
    return renewed.rowcount == len(names)


_RENEW = update(MailboxRow).where(_MINE).values(lease_until=bindparam("until"))


def release(connection: Connection, names: Collection[str], owner: str) -> datetime | None:
    """Give the mailboxes back; answers when the first of them is due next, None if nothing waits.

    The rows are locked before the waiting work is read, so that a wake-up which comes at the same
    time is either seen here or made after.
    """
    mine = connection.execute(_LOCK_MINE, {"names": list(names), "me": owner}).scalars().all()
    if not mine:
        return None
    due = _next_due(connection, mine)
    connection.execute(_RELEASE, [{"one": name, "due": due.get(name)} for name in mine])
    return min(due.values(), default=None)


def _next_due(connection: Connection, names: Sequence[str]) -> dict[str, datetime]:
    """When each mailbox has work that may be done; what waits behind a failure is due with it."""
    due = {row.mailbox: row.run_at for row in connection.execute(_FIRST_DELIVERIES, {"names": list(names)})}
    held_back: set[str] = set()
    for row in connection.execute(_EFFECTS, {"names": list(names)}):
        if row.mailbox not in held_back:
            due[row.mailbox] = min(row.run_at, due.get(row.mailbox, row.run_at))
        if row.error is not None:
            held_back.add(row.mailbox)
    return due


_FIRST_DELIVERIES = select(DeliveryRow.mailbox, DeliveryRow.run_at).where(
    DeliveryRow.id.in_(
        select(func.min(DeliveryRow.id))
        .where(DeliveryRow.state == "waiting", DeliveryRow.mailbox.in_(bindparam("names", expanding=True)))
        .group_by(DeliveryRow.mailbox)
    )
)
_EFFECTS = (
    select(EffectRow.mailbox, EffectRow.run_at, EffectRow.error)
    .where(EffectRow.state == "pending", EffectRow.mailbox.in_(bindparam("names", expanding=True)))
    .order_by(EffectRow.id)
)
_LOCK_MINE = select(MailboxRow.name).where(_MINE).order_by(MailboxRow.name).with_for_update()
_RELEASE = (
    update(MailboxRow)
    .where(MailboxRow.name == bindparam("one"))
    .values(owner=None, lease_until=None, wake_at=bindparam("due"))
)


def release_all(connection: Connection) -> None:
    """End every lease: right only for the one process of an embedded installation, at its start."""
    connection.execute(update(MailboxRow).values(owner=None, lease_until=None))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next mailbox is due that nobody holds, None if there is none."""
    return connection.execute(_NEXT_FREE, {"now": now}).scalar()


_NEXT_FREE = select(func.min(MailboxRow.wake_at)).where(
    or_(MailboxRow.owner.is_(None), MailboxRow.lease_until <= bindparam("now"))
)


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
