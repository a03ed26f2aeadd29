"""The distributed engine: any number of processes on any number of machines, over one PostgreSQL.

Procrastinate carries the names of mailboxes to whoever is free. Its jobs hold nothing else, and nothing
depends on them: a mailbox's row says whether it may be worked on, and one that no job names is found by
looking.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from trainboard.engine import Drain
from trainboard.engine.distributed.consumer import Consumer
from trainboard.engine.distributed.jobs import Jobs
from trainboard.engine.distributed.wake_ups import WakeUps
from trainboard.engine.leases import AT_ONCE, Leases
from trainboard.store import mailboxes, sweeping

LOOK_SECONDS = 1.0
SWEEP_SECONDS = 30.0
NAMED_AT_ONCE = 500

_log = structlog.get_logger(__name__)


class DistributedEngine:
    """Wakes by jobs, and works on those that it gets once it runs.

    A process that only wakes, as the web server does, never calls `run`.

    Args:
        leases: of this process, over PostgreSQL.
        threads: how many mailboxes are worked on side by side.
        count: answers seconds that never go back.
    """

    def __init__(self, leases: Leases, threads: int, count: Callable[[], float] = time.monotonic) -> None:
        self._leases = leases
        self._count = count
        self._jobs = Jobs(leases.database, leases.clock)
        self._wake_ups = WakeUps(self._jobs.put)
        self._consumer = Consumer(leases.database.url, leases.owner, threads)
        self._stopping = threading.Event()
        self._looker: threading.Thread | None = None
        self._next_sweep = count()

    def wake(self, mailbox: str, at: datetime) -> None:
        """Have the mailbox named to a worker at `at`; the caller does not wait for the database."""
        self._wake_ups.put(mailbox, at)

    def run(self, drain: Drain) -> None:
        """Begin to take jobs, and to look for mailboxes that none names."""
        self._stopping.clear()
        self._leases.start()
        self._consumer.start(lambda mailbox: self._drain(drain, mailbox))
        self._looker = threading.Thread(target=self._look_on, name="trainboard-sweep", daemon=True)
        self._looker.start()

    def stop(self) -> None:
        """Finish what is in hand and pass on what is known to be due."""
        self._stopping.set()
        if self._looker is not None:
            self._looker.join()
        self._consumer.stop()
        self._wake_ups.stop()
        self._leases.stop()

    def look(self) -> None:
        """Wake what is due and free: nobody woke it, or who worked on it died."""
        with self._leases.database.read() as connection:
            names = mailboxes.list_due(connection, self._leases.clock(), NAMED_AT_ONCE)
        self._jobs.put(dict.fromkeys(names, self._leases.clock()))

    def _drain(self, drain: Drain, mailbox: str) -> None:
        """Begin with the mailbox that a job names, and go on as long as anything is due."""
        with self._leases.named(mailbox, AT_ONCE) as names:
            self._work(drain, names)
        more = True
        while more and not self._stopping.is_set():
            with self._leases.due(AT_ONCE) as names:
                self._work(drain, names)
                more = bool(names)

    def _work(self, drain: Drain, names: Sequence[str]) -> None:
        due = drain(names) if names else None
        if due is not None:
            self.wake(names[0], due)

    def _look_on(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self._sweep_if_due()
                self.look()
            except Exception:  # noqa: BLE001  the database may be away: look again
                _log.warning("due mailboxes could not be looked for", exc_info=True)

    def _sweep_if_due(self) -> None:
        if self._count() >= self._next_sweep:
            with self._leases.database.write() as connection:
                sweeping.sweep(connection, self._leases.clock(), self._leases.length)
            self._next_sweep = self._count() + SWEEP_SECONDS
