"""The database: does it answer, is its schema this version's, is its SQLite one with a known fault."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from trainboard.diagnosis import Finding, failing, note
from trainboard.doctor import Subject
from trainboard.store.migrations import is_current

FIRST_FAULTY = (3, 7, 0)
LAST_FAULTY = (3, 51, 2)
MENDED = ((3, 44, 6), (3, 50, 7))

Version = tuple[int, int, int]


def check(subject: Subject) -> Iterator[Finding]:
    """Reachable, up to date, sound."""
    url = subject.database.engine.url  # shown without its password
    if subject.database.is_sqlite:
        yield from _judge_sqlite(sqlite3.sqlite_version_info)
    if not subject.has_database:
        yield note(
            f"There is no database at {url} yet.",
            "Start `trainboard serve`, which makes it; if there was one, check server.database.",
        )
        return
    try:
        with subject.read() as connection:
            connection.execute(select(1))
        current = is_current(subject.database)
    except SQLAlchemyError as error:
        yield failing(
            f"The database at {url} does not answer ({type(error).__name__}).",
            "Check server.database, that its server runs, and that we may sign in; for SQLite, that the "
            "file is a database and may be written.",
        )
        return
    if current:
        yield Finding(message=f"The database at {url} answers, and its schema is this version's.")
    else:
        yield failing(
            f"The schema of the database at {url} is not this version's.",
            "Stop the service, then run `trainboard db upgrade`.",
        )


def _judge_sqlite(version: tuple[int, ...]) -> Iterator[Finding]:
    name = ".".join(map(str, version))
    if has_wal_reset_fault(version):
        yield note(
            f"SQLite {name} has a fault by which two programs that write to one file can damage it.",
            "Let no other program write to the file while the service runs (a second service is refused), "
            "or use a Python with SQLite 3.51.3 or newer, or PostgreSQL.",
        )
    else:
        yield Finding(message=f"SQLite {name}.")


def has_wal_reset_fault(version: tuple[int, ...]) -> bool:
    """True for the versions in which a reset of the write-ahead log can go wrong.

    Source: "Write-Ahead Logging" of SQLite, "The WAL-Reset Bug".
    """
    mended = any(version[:2] == each[:2] and version >= each for each in MENDED)
    return FIRST_FAULTY <= version <= LAST_FAULTY and not mended
