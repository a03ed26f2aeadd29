"""A database beside which a service may be running: to look into it, and to leave work for the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from trainboard.errors import PermanentError
from trainboard.store.database import Database
from trainboard.store.migrations import is_current


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database, which must be there. It is not taken from the service that works on it.

    Raises:
        PermanentError: it is not there, does not answer, or has another version's schema.
    """
    _check_file(url)
    database = Database(url)
    try:
        _check_schema(database)
        yield database
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        raise PermanentError(f"The database does not answer: {reason}. Is server.database right?") from None
    finally:
        database.close()


def _check_file(url: str) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite") and not path.is_file():
        raise PermanentError(
            f"There is no database at {path}: start trainboard serve, or name the settings with --config."
        )


def _check_schema(database: Database) -> None:
    if not is_current(database):
        raise PermanentError(
            "The database's schema is not this version's: run trainboard db upgrade, or start the service."
        )
