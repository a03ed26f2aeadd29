"""What the bot set out to make. An intent that outlives its attempt is a doubt."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from trainboard.store.models import DeliveryRow, IntentRow
from trainboard.store.upserts import insert

DOUBT_AFTER_RESTORE = timedelta(days=14)

_RESTORED = "restored"
_RESTORED_UNTIL = "restored until"


def begin(connection: Connection, key: str, now: datetime) -> datetime | None:
    """Note the intent; answers when an earlier attempt began whose end is not known, None if none did."""
    doubt: datetime | None = connection.execute(
        select(IntentRow.intended_at).where(IntentRow.key == key)
    ).scalar()
    values = {"key": key, "intended_at": now}
    connection.execute(insert(connection, IntentRow).values(values).on_conflict_do_nothing())
    return doubt


def is_in_doubt(connection: Connection, keys: Collection[str]) -> bool:
    """True if an attempt to make one of these things has not ended, as far as is known."""
    return connection.execute(select(IntentRow.key).where(IntentRow.key.in_(keys))).first() is not None


def settle(connection: Connection, *keys: str) -> None:
    """The attempt's end is known: it was made, or surely not."""
    connection.execute(delete(IntentRow).where(IntentRow.key.in_(keys)))


def note_restored(connection: Connection, now: datetime) -> None:
    """The database came from a backup: for two weeks there may be things that were made after it."""
    known_until = connection.execute(select(func.max(DeliveryRow.received_at))).scalar() or now
    settle(connection, _RESTORED, _RESTORED_UNTIL)
    begin(connection, _RESTORED, known_until)
    begin(connection, _RESTORED_UNTIL, now + DOUBT_AFTER_RESTORE)


def find_restored(connection: Connection, now: datetime) -> datetime | None:
    """Since when there may be things that we made and do not know of; None where there are none."""
    until = select(IntentRow.key).where(IntentRow.key == _RESTORED_UNTIL, IntentRow.intended_at > now)
    since = select(IntentRow.intended_at).where(IntentRow.key == _RESTORED, until.exists())
    return connection.execute(since).scalar()
