"""One clock for all processes of an installation: the database's, where machines may share one."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from trainboard.store.database import Database

ASK_EVERY_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class DatabaseClock:
    """The clock of a PostgreSQL server. It is asked every few seconds; in between this process counts on.

    While the database is away it goes on counting.

    Args:
        database: a PostgreSQL.
        count: answers seconds that never go back.
    """

    def __init__(self, database: Database, count: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._count = count
        self._asking = threading.Lock()
        self._ask_again = 0.0
        self._zero = self._ask()

    def __call__(self) -> datetime:
        """The present moment, aware, in UTC, as exact as the database is near."""
        if self._count() >= self._ask_again and self._asking.acquire(blocking=False):
            try:
                self._zero = self._ask()
            except SQLAlchemyError:
                _log.warning("the database's clock could not be read", exc_info=True)
            finally:
                self._asking.release()
        return self._zero + timedelta(seconds=self._count())

    def _ask(self) -> datetime:
        """The moment at which our count was zero."""
        before = self._count()
        self._ask_again = before + ASK_EVERY_SECONDS
        with self._database.read() as connection:
            now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now - timedelta(seconds=(before + self._count()) / 2)
