"""Copies of a SQLite database: made while the service works on it, and put in its place while none does.

PostgreSQL has its own tools for that.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import msgspec

from trainboard.errors import PermanentError
from trainboard.store.database import Database
from trainboard.store.intents import note_restored
from trainboard.store.migrations import list_revisions
from trainboard.store.ownership import own

_OWNER_ONLY = 0o600


class Copied(msgspec.Struct, frozen=True):
    """A copy that was made: its size, how many deliveries it knows, and the revision of its schema."""

    size_bytes: int
    deliveries: int
    revision: str


def back_up(url: str, target: Path, *, replace: bool = False) -> Copied:
    """Copy the database, as it stands at one moment, to a file that nobody else may read.

    What was acknowledged before is in it. Writers do not wait for it. The file appears when it is whole
    and synced to disk.

    Raises:
        PermanentError: there is no database, or it is damaged; or the file is there and may not be replaced.
    """
    source = _find_file(url)
    if not source.is_file():
        raise PermanentError(
            f"There is no database at {source}: name the settings with --config, or start trainboard serve."
        )
    _check_target(source, target, replace=replace)
    return _copy(source, target, "rw", _nothing)


def restore(url: str, source: Path, now: datetime, *, replace: bool = False) -> Copied:
    """Put a copy in the place of the database, on which no service may be working.

    An earlier version's copy is brought up to date by the next start. For a while after `now` the bot looks
    whether what it is about to make was made between the copy and `now`.

    Raises:
        PermanentError: the copy cannot be used, or a database is there and may not be replaced.
        OwnedError: a service works on the database.
    """
    if not source.is_file():
        raise PermanentError(f"There is no backup at {source}.")
    target = _find_file(url)
    with ExitStack() as stack:
        database = Database(url)
        stack.callback(database.close)
        stack.callback(own(database))
        _check_target(source, target, replace=replace)
        copied = _copy(source, target, "ro", _drop_log)
        with database.write() as connection:
            note_restored(connection, now)
    return copied


def _find_file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _check_target(source: Path, target: Path, *, replace: bool) -> None:
    if target.exists() and target.samefile(source):
        raise PermanentError(f"{target} is the database itself: name another file.")
    if target.exists() and not replace:
        raise PermanentError(f"{target} is there already: name another file, or say --force to replace it.")


def _copy(source: Path, target: Path, mode: str, before: Callable[[Path], None]) -> Copied:
    """Copy by SQLite's own means to a file beside the target, which takes its place when it is whole."""
    part = target.with_name(f".{target.name}.part")
    try:
        _make_empty(part)
        with (
            closing(sqlite3.connect(f"file:{quote(str(source))}?mode={mode}", uri=True)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            copied = _examine(new, source)
        _sync(part)
        before(target)
        part.replace(target)
        _sync(target.parent)
    except sqlite3.DatabaseError as error:
        raise PermanentError(f"{source} cannot be copied: {error}.") from None
    except OSError as error:
        raise PermanentError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            part.unlink()
    return msgspec.structs.replace(copied, size_bytes=target.stat().st_size)


def _make_empty(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))


def _examine(copy: sqlite3.Connection, source: Path) -> Copied:
    """What is in it.

    Raises:
        PermanentError: it is damaged, none of ours, or of a version that is newer than this one.
    """
    [(found,), *_] = copy.execute("PRAGMA integrity_check(1)").fetchall()
    if found != "ok":
        raise PermanentError(f"{source} is damaged: {found}.")
    if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        raise PermanentError(f"{source} is no database of Trainboard.")
    revision = ", ".join(row[0] for row in copy.execute("SELECT version_num FROM alembic_version"))
    if revision not in list_revisions():
        raise PermanentError(
            f"The schema of {source} is {revision or 'none'}, which this version does not know: "
            "use the version of Trainboard that made it, or a newer one."
        )
    [(deliveries,)] = copy.execute("SELECT count(*) FROM deliveries").fetchall()
    return Copied(0, deliveries, revision)


def _drop_log(target: Path) -> None:
    """Leave nothing of the old database that SQLite would take for changes of the new one."""
    if target.exists():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _nothing(_target: Path) -> None:
    """A backup has no log."""
