"""The one door into the inbox: webhooks, polls and ticks of the clock come through it."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from queue import SimpleQueue

from trainboard.deliveries import Acceptance, Delivery
from trainboard.engine import Engine
from trainboard.engine.courtesy import Courtesy
from trainboard.errors import TransientError
from trainboard.store import arrivals
from trainboard.store.database import Database

RETRY_SECONDS = 5.0
TOGETHER = 64
WAITING = 1024


class Intake:
    """Stores deliveries and wakes the engine. When it answers, the delivery is on disk.

    SQLite has one writer: a thread that commits together what arrived while it was busy.
    PostgreSQL does so by itself. Its senders are served in `courtesy`, so that workers give way to them.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        clock: Callable[[], datetime],
        courtesy: Courtesy | None = None,
    ) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock
        self._courtesy = courtesy or Courtesy()
        self._arrived: SimpleQueue[_Arrival | None] = SimpleQueue()
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()

    def __call__(self, delivery: Delivery) -> Acceptance:
        """Store `delivery`.

        Raises:
            TransientError: it is not stored; the sender shall come again.
        """
        with self._courtesy.serving():
            acceptance = self._take(_Arrival(delivery))
        if acceptance in {Acceptance.STORED, Acceptance.AGAIN}:
            self._engine.wake(f"in:{delivery.entity}", self._clock())
        return acceptance

    def _take(self, arrival: "_Arrival") -> Acceptance:
        if self._database.is_sqlite:
            self._hand_over(arrival)
        else:
            self._store_each([arrival])
        return arrival.get()

    def stop(self) -> None:
        """Store what has arrived and end the thread. A delivery that comes later starts it again."""
        with self._starting:
            if self._writer is not None:
                self._arrived.put(None)
                self._writer.join()
                self._writer = None
        if not self._arrived.empty():
            self._start()

    def _hand_over(self, arrival: "_Arrival") -> None:
        if self._arrived.qsize() >= WAITING:
            arrival.fail(TransientError(f"{WAITING} deliveries wait to be stored"))
            return
        self._arrived.put(arrival)
        if self._writer is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="trainboard-intake", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        while (first := self._arrived.get()) is not None:
            together = [first]
            while len(together) < TOGETHER and not self._arrived.empty():
                arrival = self._arrived.get_nowait()
                if arrival is None:
                    self._store_each(together)
                    return
                together.append(arrival)
            self._store_each(together)

    def _store_each(self, together: Sequence["_Arrival"]) -> None:
        """Store all in one transaction; if it fails, each by itself, so that one cannot spoil the others."""
        try:
            self._store(together)
        except Exception as error:  # noqa: BLE001  each of the senders must get an answer
            if len(together) == 1:
                together[0].fail(error)
                return
            for arrival in together:
                self._store_each([arrival])

    def _store(self, together: Sequence["_Arrival"]) -> None:
        now = self._clock()
        with self._database.write_urgently() as connection:
            stored = arrivals.put_all(connection, [arrival.delivery for arrival in together], now)
        for arrival, acceptance in zip(together, stored, strict=True):
            arrival.accept(acceptance)


class _Arrival:
    """A delivery on its way to the disk, and what became of it."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self._acceptance: Acceptance | None = None
        self._error: Exception | None = None
        self._settled = threading.Lock()  # an Event does the same for several times the cost
        self._settled.acquire()

    def accept(self, acceptance: Acceptance) -> None:
        self._acceptance = acceptance
        self._settled.release()

    def fail(self, error: Exception) -> None:
        self._error = error
        self._settled.release()

    def get(self) -> Acceptance:
        self._settled.acquire()
        if self._acceptance is None:
            reason = type(self._error).__name__
            raise TransientError(
                f"the delivery could not be stored ({reason}); send it again",
                retry_after_seconds=RETRY_SECONDS,
            ) from self._error
        return self._acceptance
