"""The connection to SQLite or PostgreSQL, and the one way to open a transaction."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator

SHORTLY_SECONDS = 0.02
PATIENCE_MS = 10_000

_OWNER_ONLY = 0o600
_NO_FILES = ("", ":memory:")
_MAKING = threading.Lock()


class BusyError(Exception):
    """The database is being written by somebody else."""


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps no zone, so it is taken off and put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: it would be off by the zone of whoever reads it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Database:
    """A database by its SQLAlchemy URL: `sqlite:///file.db` or `postgresql+psycopg://…`.

    SQLite runs in WAL mode with `synchronous=FULL`: a delivery that was answered survives a power
    cut. It has one writer at a time, so writers of this process queue on a lock instead of
    sleeping in SQLite's busy handler; whoever has a sender waiting stands before the others.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        self._writer: threading.Lock | nullcontext[None] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )
        self._kept: Connection | None = None
        if self.is_sqlite:
            _make_folder(url)
        self.engine = create_engine(
            url, **({} if self.is_sqlite else {"pool_pre_ping": True, "pool_size": 12})
        )
        if self.is_sqlite:
            event.listen(self.engine, "do_connect", _make_file)
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed when the block ends, undone when it raises."""
        with self._turn, self.write_urgently() as connection:
            yield connection

    @contextmanager
    def write_urgently(self) -> Iterator[Connection]:
        """The same, ahead of those who have not begun: at most one of them is waited for."""
        with self._writer, self._writing() as connection, connection.begin():
            yield connection

    @contextmanager
    def write_at_once(self) -> Iterator[Connection]:
        """The same for who may not be kept waiting; only on SQLite.

        Raises:
            BusyError: somebody else writes. Nothing was done.
        """
        assert not isinstance(self._writer, nullcontext)
        if not self._writer.acquire(timeout=SHORTLY_SECONDS):
            raise BusyError
        try:
            with self._writing() as connection, _impatient(connection), connection.begin():
                yield connection
        except OperationalError as error:
            if "locked" in str(error.orig):
                raise BusyError from error
            raise
        finally:
            self._writer.release()

    def close(self) -> None:
        """Close every connection; whoever writes on SQLite's kept one is waited for."""
        with self._writer:
            self._forget_kept()
        self.engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A connection to write on. SQLite's writers take turns on one that is kept, which saves time."""
        if not self.is_sqlite:
            with self._connect_to_write() as connection:
                yield connection
            return
        self._kept = self._kept or self._connect_to_write()
        try:
            yield self._kept
        except Exception:
            self._forget_kept()
            raise

    def _connect_to_write(self) -> Connection:
        return self.engine.connect().execution_options(write=True)

    def _forget_kept(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def _make_folder(url: str) -> None:
    path = url.removeprefix("sqlite:///")
    if path not in _NO_FILES:
        Path(path).parent.mkdir(parents=True, exist_ok=True)


def _make_file(_dialect: Dialect, _record: Any, arguments: Sequence[Any], _options: Any) -> None:
    """For its owner alone: it holds keys. SQLite would ask the shell, and gives its log the same mode.

    A file that is there is not opened: to close it would let go of the locks that SQLite has on it.
    Source: SQLite, "How To Corrupt An SQLite Database File", "Posix advisory locks canceled".
    """
    path = str(arguments[0])
    if path in _NO_FILES or path.startswith("file:"):
        return
    with _MAKING, suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY, _OWNER_ONLY))


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event says BEGIN, not the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={PATIENCE_MS}",
        "wal_autocheckpoint=500",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    _execute(connection, "BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    _execute(connection, f"PRAGMA busy_timeout={int(SHORTLY_SECONDS * 1000)}")
    try:
        yield
    finally:
        _execute(connection, f"PRAGMA busy_timeout={PATIENCE_MS}")


def _execute(connection: Connection, statement: str) -> None:
    """By the driver itself, which takes a tenth of the time."""
    try:
        connection.connection.cursor().execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error
