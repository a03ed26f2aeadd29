"""One process works on a SQLite file. Another one on the same file would take over its leases."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from trainboard.errors import TrainboardError
from trainboard.store.database import Database

with suppress(ImportError):  # Windows has no such lock; there the operator must see to it
    import fcntl


class OwnedError(TrainboardError):
    """Another process works on this database."""


def own(database: Database) -> Callable[[], None]:
    """Become the one process that works on the database; answers what lets go of it.

    The operating system lets go for a process that was killed. PostgreSQL is shared and needs none.

    Raises:
        OwnedError: another process has it.
    """
    path = database.url.removeprefix("sqlite:///")
    if not database.is_sqlite or path in {"", ":memory:"} or "fcntl" not in globals():
        return _nothing
    lock = Path(f"{path}.lock").open("a")  # noqa: SIM115  open as long as the process works
    _lock(lock, path)
    return lock.close


def _lock(lock: IO[str], path: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise OwnedError(
            f"Another Trainboard works on {path}: stop it, or name another file in server.database."
        ) from None


def _nothing() -> None:
    """Nothing was taken."""
