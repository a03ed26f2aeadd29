"""An engine without threads: work is done when a test asks for it."""

from datetime import datetime

from trainboard.engine import Drain
from trainboard.engine.leases import LEASE
from trainboard.store import mailboxes
from trainboard.store.database import Database

MANY = 10_000


class ManualEngine:
    """Drains every mailbox that is due at the clock's moment, one after the other."""

    def __init__(self, database: Database, clock, owner: str) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._drain: Drain | None = None

    def wake(self, mailbox: str, at: datetime) -> None:
        """The rows are looked at anyway."""

    def run(self, drain: Drain) -> None:
        """Remember how to work."""
        self._drain = drain

    def stop(self) -> None:
        """Nothing runs."""

    def settle(self) -> int:
        """Work until nothing is due; answers how many mailboxes were drained."""
        for done in range(MANY):
            with self._database.write() as connection:
                names = mailboxes.claim(connection, self._owner, self._clock(), LEASE, most=20)
            if not names:
                return done
            self._drain(names)
        raise AssertionError("the mailboxes never come to rest")
