"""As many databases as there are crashes, each with the schema of today and nothing in it."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from fakes.conversation import Conversation
from trainboard.store.database import Database
from trainboard.store.models import SecretRow, Table


def list_databases(address: str, folder: Path) -> Iterator[str]:
    """Their addresses, without end: copies of a file, or one and the same that is emptied each time."""
    return _sqlite(folder) if address == "sqlite" else _postgresql(address)


def _sqlite(folder: Path) -> Iterator[str]:
    origin = folder / "origin.db"
    Conversation(f"sqlite:///{origin}").close()
    for number in count(1):
        copy = folder / f"{number}.db"
        shutil.copy(origin, copy)
        yield f"sqlite:///{copy}"


def _postgresql(address: str) -> Iterator[str]:
    Conversation(address).close()
    kept = {SecretRow.__tablename__}
    tables = ", ".join(table.name for table in Table.metadata.sorted_tables if table.name not in kept)
    while True:
        database = Database(address)
        with database.write() as connection:
            connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
        database.close()
        yield address
