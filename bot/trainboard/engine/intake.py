"""The one door into the inbox: webhooks, polls and ticks of the clock come through it."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from queue import SimpleQueue

import structlog
from sqlalchemy import Connection

from trainboard.deliveries import Acceptance, Delivery
from trainboard.engine import Engine
from trainboard.engine.courtesy import Courtesy
from trainboard.errors import TransientError
from trainboard.store import arrivals
from trainboard.store.database import BusyError, Database

_log = structlog.get_logger(__name__)

RETRY_SECONDS = 5.0
TOGETHER = 64
WAITING = 1024
WRITERS = 8
FAILING_SECONDS = 30.0


Settle = Callable[[Acceptance | TransientError], None]
"""Is told once what became of a delivery, by whichever thread knows it; what it does must be quick."""


class Intake:
    """Stores deliveries and wakes the engine. When it tells, the delivery is on disk.

    SQLite has one writer: a thread that commits together what arrived while it was busy. PostgreSQL
    commits together by itself what several threads bring. Senders are served in `courtesy`, so that
    workers give way to them.

    Args:
        database: where deliveries are kept.
        engine: is woken for each.
        clock: answers the present moment, aware, in UTC.
        courtesy: to the senders.
        count: answers seconds that never go back.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        clock: Callable[[], datetime],
        courtesy: Courtesy | None = None,
        count: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock
        self._courtesy = courtesy or Courtesy()
        self._arrived: SimpleQueue[_Arrival | None] = SimpleQueue()
        self._most_writers, self._together = (1, TOGETHER) if database.is_sqlite else (WRITERS, 1)
        self._writers: list[threading.Thread] = []
        self._starting = threading.Lock()
        self._count = count
        self._failed_at = -math.inf

    @property
    def is_storing(self) -> bool:
        """False after something could not be stored: until something is, or for half a minute."""
        return self._count() >= self._failed_at + FAILING_SECONDS

    def __call__(self, delivery: Delivery) -> Acceptance:
        """Store `delivery`.

        Raises:
            TransientError: it is not stored; the sender shall come again.
        """
        waiting = _Waiting()
        self._courtesy.enter()
        self._hand_over(self._arrival(delivery, waiting.settle))
        return waiting.get()

    def offer(self, together: Sequence[tuple[Delivery, Settle]]) -> None:
        """Store what came together, for one thread that serves all senders and may not wait.

        On SQLite it is done here and now where nobody else writes: handing it over to the writer, and
        back, would take longer than to write it.
        """
        for _ in together:
            self._courtesy.enter()
        those = [self._arrival(delivery, settle) for delivery, settle in together]
        if self._database.is_sqlite and self._arrived.empty():
            try:
                self._store(those, self._database.write_at_once())
            except BusyError:
                pass
            except Exception as error:  # noqa: BLE001  the writer tries again, and tells the senders
                _log.warning("the writer must store it", reason=f"{type(error).__name__}: {error}")
            else:
                return
        for arrival in those:
            self._hand_over(arrival)

    def _arrival(self, delivery: Delivery, settle: Settle) -> "_Arrival":
        return _Arrival(delivery, settle, self._courtesy.leave)

    def _hand_over(self, arrival: "_Arrival") -> None:
        if self._arrived.qsize() >= WAITING:
            arrival.fail(TransientError(f"{WAITING} deliveries wait to be stored"))
            return
        self._arrived.put(arrival)
        if not self._writers:
            self._start()

    def stop(self) -> None:
        """Store what has arrived and end the threads. A delivery that comes later starts them again."""
        with self._starting:
            for _ in self._writers:
                self._arrived.put(None)
            for writer in self._writers:
                writer.join()
            self._writers = []
        if not self._arrived.empty():
            self._start()

    def _start(self) -> None:
        with self._starting:
            if not self._writers:
                name = "trainboard-intake"
                self._writers = [
                    threading.Thread(target=self._write, name=name, daemon=True)
                    for _ in range(self._most_writers)
                ]
                for writer in self._writers:
                    writer.start()

    def _write(self) -> None:
        while (first := self._arrived.get()) is not None:
            together = [first]
            while len(together) < self._together and not self._arrived.empty():
                arrival = self._arrived.get_nowait()
                if arrival is None:
                    self._store_each(together)
                    return
                together.append(arrival)
            self._store_each(together)

    def _store_each(self, together: Sequence["_Arrival"]) -> None:
        """Store all in one transaction; if it fails, each by itself, so that one cannot spoil the others."""
        try:
            self._store(together, self._database.write_urgently())
        except Exception as error:  # noqa: BLE001  each of the senders must get an answer
            if len(together) == 1:
                self._failed_at = self._count()
                together[0].fail(error)
                return
            for arrival in together:
                self._store_each([arrival])

    def _store(self, together: Sequence["_Arrival"], transaction: AbstractContextManager[Connection]) -> None:
        """Raises only where nothing is stored and nobody was told."""
        now = self._clock()
        with transaction as connection:
            stored = arrivals.put_all(connection, [arrival.delivery for arrival in together], now)
        self._failed_at = -math.inf
        told = list(zip(together, stored, strict=True))
        for entity in {arrival.delivery.entity for arrival, acceptance in told if acceptance in _DUE}:
            self._engine.wake(f"in:{entity}", now)
        for arrival, acceptance in told:
            arrival.settle(acceptance)


_DUE = frozenset({Acceptance.STORED, Acceptance.AGAIN})


class _Arrival:
    """A delivery on its way to the disk."""

    __slots__ = ("_leave", "_settle", "delivery")

    def __init__(self, delivery: Delivery, settle: Settle, leave: Callable[[], None]) -> None:
        self.delivery = delivery
        self._settle = settle
        self._leave = leave

    def settle(self, outcome: Acceptance | TransientError) -> None:
        self._leave()
        self._settle(outcome)

    def fail(self, error: Exception) -> None:
        told = TransientError(
            f"the delivery could not be stored ({type(error).__name__}); send it again",
            retry_after_seconds=RETRY_SECONDS,
        )
        told.__cause__ = error
        self.settle(told)


class _Waiting:
    """A thread that waits for what becomes of its delivery."""

    def __init__(self) -> None:
        self._outcome: Acceptance | TransientError | None = None
        self._settled = threading.Lock()  # an Event does the same for several times the cost
        self._settled.acquire()

    def settle(self, outcome: Acceptance | TransientError) -> None:
        self._outcome = outcome
        self._settled.release()

    def get(self) -> Acceptance:
        self._settled.acquire()
        assert self._outcome is not None
        if isinstance(self._outcome, TransientError):
            raise self._outcome
        return self._outcome
