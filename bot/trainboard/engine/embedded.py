"""The embedded engine: threads of this process, nothing to install."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog

from trainboard.engine import Drain
from trainboard.engine.courtesy import Courtesy
from trainboard.engine.leases import AT_ONCE, Leases
from trainboard.store import mailboxes, sweeping

IDLE_SECONDS = 2.0
STUMBLE_SECONDS = 1.0
SWEEP_SECONDS = 30.0
IN_A_STORM = 4

_log = structlog.get_logger(__name__)


class EmbeddedEngine:
    """Worker threads that lease due mailboxes from the database.

    Args:
        leases: of this process.
        threads: how many mailboxes are worked on side by side.
        courtesy: to the senders that this process serves.
        count: answers seconds that never go back.
    """

    def __init__(
        self,
        leases: Leases,
        threads: int,
        courtesy: Courtesy | None = None,
        count: Callable[[], float] = time.monotonic,
    ) -> None:
        self._leases = leases
        self._count = count
        self._changed = threading.Condition()
        self._stopping = False
        self._woken = 0
        self._threads = threads
        self._workers: list[threading.Thread] = []
        self._next_sweep = count()
        self._courtesy = courtesy or Courtesy()

    def wake(self, mailbox: str, at: datetime) -> None:  # noqa: ARG002  the rows say which and when
        """Let an idle worker look at the rows."""
        with self._changed:
            self._woken += 1
            self._changed.notify()

    def run(self, drain: Drain) -> None:
        """Start the workers."""
        self._stopping = False
        self._leases.start()
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
        self._leases.stop()

    def _work(self, drain: Drain) -> None:
        while not self._stopping:
            seen = self._woken
            at_once = AT_ONCE if self._courtesy.give_way() else IN_A_STORM
            try:
                if not self._drain_some(drain, at_once):
                    self._wait(seen, self._idle_seconds())
            except Exception:  # noqa: BLE001  the database may be away: wait and look again
                _log.exception("worker stumbled")
                self._wait(seen, STUMBLE_SECONDS)

    def _drain_some(self, drain: Drain, at_once: int) -> bool:
        self._sweep_if_due()
        if self._idle_seconds() > 0:
            return False
        with self._leases.due(at_once) as names:
            if names:
                drain(names)
        return bool(names)

    def _sweep_if_due(self) -> None:
        if self._count() >= self._next_sweep:
            with self._leases.database.write() as connection:
                sweeping.sweep(connection, self._leases.clock(), self._leases.length)
            self._next_sweep = self._count() + SWEEP_SECONDS

    def _idle_seconds(self) -> float:
        now = self._leases.clock()
        with self._leases.database.read() as connection:
            due = mailboxes.next_due(connection, now)
        return IDLE_SECONDS if due is None else min((due - now).total_seconds(), IDLE_SECONDS)

    def _wait(self, seen: int, seconds: float) -> None:
        with self._changed:
            if self._woken == seen and not self._stopping:
                self._changed.wait(max(seconds, 0.01))
