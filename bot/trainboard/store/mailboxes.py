"""Mailboxes: what is due, and who has it. A lease is the mutual exclusion of everything else.

Leases go by one clock for all who lease: on PostgreSQL the database's, because machines differ. SQLite
has one process, whose `now` it is.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Interval, bindparam, func, or_, select, text, update

from trainboard.store.database import UtcTime
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


def lock(connection: Connection, names: Collection[str]) -> None:
    """Keep others from waking or leasing the mailboxes until the transaction ends.

    Whoever is about to change several takes them first, in the order of their names, so that no two wait
    for each other; those that are not there are made for it. SQLite has one writer, who never does.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_ADD_MISSING, {"names": list(names)})
        connection.execute(_LOCK, {"names": list(names)})


_ADD_MISSING = text(
    "INSERT INTO mailboxes (name) SELECT name FROM unnest(CAST(:names AS text[])) AS name ORDER BY name "
    "ON CONFLICT DO NOTHING"
)


def claim(
    connection: Connection,
    owner: str,
    now: datetime,
    lease: timedelta,
    *,
    most: int = 1,
    besides: Collection[str] = (),
) -> Sequence[str]:
    """Lease mailboxes, those that have been due longest first; none if none is due and free.

    At most `most` of deliveries, which are worked on together, or one of effects: each of those
    may take its time. `besides` names what the owner has in hand, whatever the clock says of its lease.
    """
    due = _due(connection.dialect.name)
    names = connection.execute(due, {"now": now, "most": most, "besides": list(besides)}).scalars().all()
    if names and not names[0].startswith("in:"):
        names = names[:1]
    names = [name for name in names if name.startswith("in:")] or list(names)
    if names:
        _lease(connection, names, owner, now, lease)
    return names


def claim_named(  # noqa: PLR0913  what `claim` takes, and a name
    connection: Connection,
    name: str,
    owner: str,
    now: datetime,
    lease: timedelta,
    *,
    most: int = 1,
    besides: Collection[str] = (),
) -> Sequence[str]:
    """Lease this mailbox; none if it is not due, or somebody has it or is just taking it.

    If it is one of deliveries, which are worked on together, others that are due come with it, at
    most `most` in all. None of `besides` is taken.
    """
    dialect = connection.dialect.name
    values = {"now": now, "name": name, "besides": list(besides)}
    names = list(connection.execute(_due_of_name(dialect), values).scalars())
    if names and name.startswith("in:") and most > 1:
        values |= {"besides": [name, *besides], "most": most - 1}
        names += connection.execute(_due(dialect, deliveries=True), values).scalars()
    if names:
        _lease(connection, names, owner, now, lease)
    return names


def renew(
    connection: Connection, names: Collection[str], owner: str, now: datetime, lease: timedelta
) -> bool:
    """Keep the leases for as long again; False if somebody else has taken one of them."""
    lock(connection, names)
    renewed = connection.execute(_renew(connection.dialect.name), _by(connection, names, owner, now, lease))
    return renewed.rowcount == len(names)


def beat(connection: Connection, names: Collection[str], owner: str, now: datetime, lease: timedelta) -> None:
    """Keep the leases for as long again, those apart that a transaction of their worker holds just now."""
    connection.execute(_beat(connection.dialect.name), _by(connection, names, owner, now, lease))


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


def release_all(connection: Connection) -> None:
    """End every lease: right only for the one process of an embedded installation, at its start."""
    connection.execute(update(MailboxRow).values(owner=None, lease_until=None))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next mailbox is due that nobody holds, None if there is none."""
    return connection.execute(_next_free(connection.dialect.name), {"now": now}).scalar()


def list_due(connection: Connection, now: datetime, limit: int) -> Sequence[str]:
    """Mailboxes that are due and that nobody holds, those that have been due longest first."""
    due = _due(connection.dialect.name, locked=False)
    return connection.execute(due, {"now": now, "most": limit, "besides": []}).scalars().all()


def cut_leases(connection: Connection, now: datetime, lease: timedelta) -> None:
    """End leases that reach further than any can: they were taken before the clock was set back.

    Who is alive renews in time; who is not does not keep its mailbox until the clock is there again.
    """
    connection.execute(_cut(connection.dialect.name), _until(connection, now, lease))


def _lease(
    connection: Connection, names: Collection[str], owner: str, now: datetime, lease: timedelta
) -> None:
    connection.execute(_take(connection.dialect.name), _by(connection, names, owner, now, lease))


def _by(
    connection: Connection, names: Collection[str], owner: str, now: datetime, lease: timedelta
) -> dict[str, Any]:
    return {"names": list(names), "me": owner} | _until(connection, now, lease)


def _until(connection: Connection, now: datetime, lease: timedelta) -> dict[str, Any]:
    return {"lease": lease} if connection.dialect.name == "postgresql" else {"until": now + lease}


def _clock(dialect: str) -> Any:
    return func.clock_timestamp() if dialect == "postgresql" else bindparam("now", type_=UtcTime())


def _end(dialect: str) -> Any:
    if dialect == "postgresql":
        return func.clock_timestamp() + bindparam("lease", type_=Interval())
    return bindparam("until", type_=UtcTime())


def _is_free(dialect: str) -> Any:
    return or_(MailboxRow.lease_until.is_(None), MailboxRow.lease_until <= _clock(dialect))


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


_NAMED = MailboxRow.name.in_(bindparam("names", expanding=True))
_MINE = _NAMED & (MailboxRow.owner == bindparam("me"))


@cache
def _due(dialect: str, *, locked: bool = True, deliveries: bool = False) -> Any:
    due = _select_due(dialect).order_by(MailboxRow.wake_at).limit(bindparam("most", type_=Integer()))
    if deliveries:
        due = due.where(MailboxRow.name.startswith("in:"))
    return due.with_for_update(skip_locked=True) if locked else due


@cache
def _due_of_name(dialect: str) -> Any:
    named = _select_due(dialect).where(MailboxRow.name == bindparam("name"))
    return named.with_for_update(skip_locked=True)


def _select_due(dialect: str) -> Any:
    due = select(MailboxRow.name).where(MailboxRow.wake_at <= bindparam("now"), _is_free(dialect))
    return due.where(MailboxRow.name.not_in(bindparam("besides", expanding=True)))


@cache
def _next_free(dialect: str) -> Any:
    return select(func.min(MailboxRow.wake_at)).where(or_(MailboxRow.owner.is_(None), _is_free(dialect)))


@cache
def _take(dialect: str) -> Any:
    return update(MailboxRow).where(_NAMED).values(owner=bindparam("me"), lease_until=_end(dialect))


@cache
def _renew(dialect: str) -> Any:
    return update(MailboxRow).where(_MINE).values(lease_until=_end(dialect))


@cache
def _beat(dialect: str) -> Any:
    at_rest = select(MailboxRow.name).where(_MINE).with_for_update(skip_locked=True)
    return update(MailboxRow).where(MailboxRow.name.in_(at_rest)).values(lease_until=_end(dialect))


@cache
def _cut(dialect: str) -> Any:
    end = _end(dialect)
    return update(MailboxRow).where(MailboxRow.lease_until > end).values(lease_until=end)


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
_LOCK = select(MailboxRow.name).where(_NAMED).order_by(MailboxRow.name).with_for_update()
_LOCK_MINE = select(MailboxRow.name).where(_MINE).order_by(MailboxRow.name).with_for_update()
_RELEASE = (
    update(MailboxRow)
    .where(MailboxRow.name == bindparam("one"))
    .values(owner=None, lease_until=None, wake_at=bindparam("due"))
)
