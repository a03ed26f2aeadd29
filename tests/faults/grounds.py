"""The databases on which faults are played, each play on an empty one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from peers.postgresql import PostgresqlServer

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
SETTINGS = ("listen_addresses=",)
NUMBERS = count(1)


@dataclass(frozen=True)
class Ground:
    """SQLite, or a server of PostgreSQL that nobody else uses meanwhile."""

    server: PostgresqlServer | None = None

    @property
    def name(self) -> str:
        """As people call it."""
        return POSTGRESQL if self.server else SQLITE

    @contextmanager
    def open_database(self) -> Iterator[str]:
        """SQLAlchemy's address of an empty database, which is there while the block runs."""
        if self.server is None:
            with tempfile.TemporaryDirectory(prefix="tb-fault-") as folder:
                yield f"sqlite:///{folder}/trainboard.db"
            return
        database = f"fault_{next(NUMBERS)}"
        self.server.run(f"CREATE DATABASE {database}")
        yield self.server.url(database)
        self.server.run(f"DROP DATABASE {database} WITH (FORCE)")

    def stop(self, mode: str) -> None:
        """End PostgreSQL: `immediate` is a crash, `fast` breaks off what is open."""
        self.server.stop(mode)

    def start(self) -> None:
        """Let it run again."""
        self.server.start(SETTINGS)

    def set_read_only(self, database: str, choice: str) -> None:
        """Let the database take writes, or not, on connections from now on; break off those that are open."""
        self.server.run(f"ALTER DATABASE {database} SET default_transaction_read_only = {choice}")
        self.server.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        )
