"""Settings that all connections of a bot to SQLite have for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from trainboard.store.database import Database


@contextmanager
def pragma(database: Database, setting: str) -> Iterator[None]:
    """As in `busy_timeout=1`, while the block runs."""

    def configure(connection, _record):
        connection.execute(f"PRAGMA {setting}")

    event.listen(database.engine, "connect", configure)
    database.close()
    yield
    event.remove(database.engine, "connect", configure)
    database.close()
