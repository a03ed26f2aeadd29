"""The one door into the inbox: webhooks, polls and ticks of the clock come through it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from trainboard.deliveries import Acceptance, Delivery
from trainboard.engine import Engine
from trainboard.errors import TransientError
from trainboard.store import inbox
from trainboard.store.database import Database

RETRY_SECONDS = 5.0


class Intake:
    """Stores deliveries and wakes the engine. When it answers, the delivery is on disk."""

    def __init__(self, database: Database, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock

    def __call__(self, delivery: Delivery) -> Acceptance:
        """Store `delivery`.

        Raises:
            TransientError: it is not stored; the sender shall come again.
        """
        now = self._clock()
        try:
            with self._database.write() as connection:
                acceptance = inbox.put(connection, delivery, now)
        except (DBAPIError, PoolTimeoutError) as error:
            reason = type(error).__name__
            raise TransientError(
                f"the delivery could not be stored ({reason}); send it again",
                retry_after_seconds=RETRY_SECONDS,
            ) from error
        if acceptance in {Acceptance.STORED, Acceptance.AGAIN}:
            self._engine.wake(f"in:{delivery.entity}", now)
        return acceptance
