"""What this process has leased, and the heartbeat that keeps it.

A process that was killed beats no more: its leases end within `LEASE`, and another one takes over.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from trainboard.store import mailboxes
from trainboard.store.database import Database

AT_ONCE = 20
"""Most mailboxes of deliveries that are worked on together."""

LEASE = timedelta(seconds=6)
BEAT_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class Leases:
    """Leases mailboxes for the workers of a process, and keeps them until these are done.

    What is in hand here is never leased here again, even if the clock jumps and the lease seems to be over.

    Args:
        database: where the mailboxes are.
        clock: answers the present moment, aware, in UTC.
        owner: the name under which this process leases; no other process has it, living or dead.
        length: of a lease.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], owner: str, length: timedelta = LEASE
    ) -> None:
        self.database = database
        self.clock = clock
        self.owner = owner
        self.length = length
        self._in_hand: set[str] = set()
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._heart: threading.Thread | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._stopping.clear()
        self._heart = threading.Thread(target=self._beat_on, name="trainboard-heartbeat", daemon=True)
        self._heart.start()

    def stop(self) -> None:
        """Beat no more; nothing should be in hand."""
        self._stopping.set()
        if self._heart is not None:
            self._heart.join()

    @contextmanager
    def due(self, most: int) -> Iterator[Sequence[str]]:
        """Some mailboxes that are due, leased as long as the block lasts; none if none is due and free."""
        with self.database.write() as connection:
            names = mailboxes.claim(
                connection, self.owner, self.clock(), self.length, most=most, besides=self.in_hand()
            )
        with self._hold(names):
            yield names

    @contextmanager
    def named(self, name: str, most: int) -> Iterator[Sequence[str]]:
        """This mailbox and others that go well with it, leased as long as the block lasts.

        None if it is not due, or not free.
        """
        with self.database.write() as connection:
            names = mailboxes.claim_named(
                connection, name, self.owner, self.clock(), self.length, most=most, besides=self.in_hand()
            )
        with self._hold(names):
            yield names

    def in_hand(self) -> set[str]:
        """The mailboxes that somebody in this process works on."""
        with self._changing:
            return set(self._in_hand)

    def beat(self) -> None:
        """Keep what is in hand for the length of a lease from now."""
        if names := self.in_hand():
            with self.database.write_urgently() as connection:
                mailboxes.beat(connection, names, self.owner, self.clock(), self.length)

    @contextmanager
    def _hold(self, names: Sequence[str]) -> Iterator[None]:
        with self._changing:
            self._in_hand.update(names)
        try:
            yield
        finally:
            with self._changing:
                self._in_hand.difference_update(names)

    def _beat_on(self) -> None:
        while not self._stopping.wait(BEAT_SECONDS):
            try:
                self.beat()
            except Exception:  # noqa: BLE001  the database may be away: the next beat may do better
                _log.warning("the leases could not be renewed", exc_info=True)
