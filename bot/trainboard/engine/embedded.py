"""The embedded engine: threads of this process, nothing to install."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from trainboard.engine import Drain
from trainboard.engine.courtesy import Courtesy
from trainboard.engine.means import LEASE
from trainboard.store import mailboxes
from trainboard.store.database import Database

IDLE_SECONDS = 5.0
STUMBLE_SECONDS = 1.0
AT_ONCE = 20
SWEEP_EVERY = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class EmbeddedEngine:
    """Worker threads that lease due mailboxes from the database.

    Args:
        database: where the mailboxes are.
        clock: answers the present moment, aware, in UTC.
        owner: the name under which this process leases.
        threads: how many mailboxes are worked on side by side.
        courtesy: to the senders that this process serves.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        owner: str,
        threads: int,
        courtesy: Courtesy | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._changed = threading.Condition()
        self._stopping = False
        self._woken = 0
        self._threads = threads
        self._workers: list[threading.Thread] = []
        self._next_sweep: datetime | None = None
        self._courtesy = courtesy or Courtesy()

    def wake(self, mailbox: str, at: datetime) -> None:  # noqa: ARG002  the rows say which and when
        """Let an idle worker look at the rows."""
        with self._changed:
            self._woken += 1
            self._changed.notify()

    def run(self, drain: Drain) -> None:
        """Start the workers."""
        self._stopping = False
        for number in range(self._threads):
            name = f"trainboard-worker-{number}"
            worker = threading.Thread(target=self._work, args=(drain,), name=name, daemon=True)
            worker.start()
            self._workers.append(worker)

    def stop(self) -> None:
        """Let the workers finish what they have in hand."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()
        self._workers.clear()

    def _work(self, drain: Drain) -> None:
        while not self._stopping:
            seen = self._woken
            self._courtesy.give_way()
            try:
                if not self._drain_one(drain):
                    self._wait(seen, self._idle_seconds())
            except Exception:  # noqa: BLE001  the database may be away: wait and look again
                _log.exception("worker stumbled")
                self._wait(seen, STUMBLE_SECONDS)

    def _drain_one(self, drain: Drain) -> bool:
        self._sweep_if_due()
        if self._idle_seconds() > 0:
            return False
        with self._database.write() as connection:
            names = mailboxes.claim(connection, self._owner, self._clock(), LEASE, most=AT_ONCE)
        if names:
            drain(names)
        return bool(names)

    def _sweep_if_due(self) -> None:
        now = self._clock()
        if self._next_sweep is None or now >= self._next_sweep:
            with self._database.write() as connection:
                mailboxes.sweep(connection, now)
            self._next_sweep = now + SWEEP_EVERY

    def _idle_seconds(self) -> float:
        now = self._clock()
        with self._database.read() as connection:
            due = mailboxes.next_due(connection, now)
        return IDLE_SECONDS if due is None else min((due - now).total_seconds(), IDLE_SECONDS)

    def _wait(self, seen: int, seconds: float) -> None:
        with self._changed:
            if self._woken == seen and not self._stopping:
                self._changed.wait(max(seconds, 0.01))
