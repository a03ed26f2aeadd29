"""What the bot set out to make. An intent that outlives its attempt is a doubt."""

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


def settle(connection: Connection, key: str) -> None:
    """The attempt's end is known: it was made, or surely not."""
    connection.execute(delete(IntentRow).where(IntentRow.key == key))
