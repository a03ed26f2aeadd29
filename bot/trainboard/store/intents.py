"""What the bot set out to make. An intent that outlives its attempt is a doubt."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from trainboard.store.models import IntentRow
from trainboard.store.upserts import insert


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
