"""Workers of many processes on one database, and a tracker that does what a test says.

A delivery's entity is the name of a door, and what it asks for is that the door is read. Its content is
"good", or one of the ways in which a delivery cannot be worked on: "poison", "bug".
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from sqlalchemy import select

from fakes.conversation import Conversation
from fakes.mortal import Killed, MortalDatabase
from trainboard.deliveries import Delivery
from trainboard.effects import ReadRuns
from trainboard.engine.leases import LEASE
from trainboard.engine.work import Worker
from trainboard.errors import DoubtError, LimitedError, PayloadError, PermanentError, TransientError
from trainboard.events import InstallationChanged
from trainboard.store import mailboxes
from trainboard.store.models import MailboxRow

FAILURES = {
    "limited": LimitedError("slow down", retry_after_seconds=20.0),
    "away": TransientError("away"),
    "done in doubt": DoubtError("who knows"),
    "not done in doubt": DoubtError("who knows"),
    "refused": PermanentError("no"),
    "bug": ValueError("a bug"),
}


class Workers:
    """Each worker belongs to a process of its own, with a name that nobody had before.

    `moment` counts what happens. `asked` and `shown` tell for each door at which moments it was asked for
    last, and began to be read when it was read last. `failures` are what the next readings meet with.
    `meanwhile` is called in the middle of the next reading.
    """

    def __init__(self, bot: Conversation) -> None:
        self.clock = bot.clock
        self.database = bot.bot.database
        self.asked: dict[str, int] = {}
        self.shown: dict[str, int] = {}
        self.failures: dict[str, list[str]] = defaultdict(list)
        self.meanwhile: Callable[[], None] | None = None
        self._means = bot.bot.worker.means
        self._moments = count(1)
        self._names = count(1)
        self._leased_until = {}

    def work(self, most: int, *, dies_at: int | None = None, before_commit: bool = False) -> bool:
        """A worker does what it finds; False if that was nothing.

        Args:
            most: how many mailboxes it takes.
            dies_at: it is killed at this of its transactions, from 0; its leases stay.
            before_commit: and that transaction is not committed.
        """
        database = MortalDatabase(self.database)
        worker = self._make_worker(database)
        names = self.lease(worker, most)
        found = bool(names)
        if dies_at is not None:
            database.die_at(dies_at, before_commit=before_commit)
        try:
            if found:
                worker.drain(names)
        except Killed:
            names = [name for name in names if not self._is_leased(name, worker)]
        for name in names:
            self._leased_until.pop(name, None)
        return found

    def lease(self, worker: Worker | None, most: int) -> list[str]:
        """Mailboxes that are this worker's now, and no living one's."""
        worker = worker or self._make_worker(self.database)
        now = self.clock()
        with self.database.write() as connection:
            names = list(mailboxes.claim(connection, worker.means.owner, now, LEASE, most=most))
        taken = [name for name in names if self._leased_until.get(name, now) > now]
        assert [] == taken, "leased twice at one time"
        self._leased_until |= dict.fromkeys(names, now + LEASE)
        return names

    def forget_leases(self) -> None:
        """All who leased are dead: of their leases the clock says nothing any more."""
        self._leased_until.clear()

    def _is_leased(self, name: str, worker: Worker) -> bool:
        mine = (MailboxRow.name == name) & (MailboxRow.owner == worker.means.owner)
        with self.database.read() as connection:
            return connection.execute(select(MailboxRow.name).where(mine)).one_or_none() is not None

    def _make_worker(self, database) -> Worker:
        outside = replace(self._means.outside, database=database)
        name = f"process {next(self._names)}"
        return Worker(replace(self._means, outside=outside, parse=self._parse, owner=name))

    def _parse(self, delivery: Delivery):
        content = delivery.body.decode()
        if content == "poison":
            raise PayloadError("poison")
        return [InstallationChanged(account=delivery.entity, action=content)]

    def react(self, event: InstallationChanged, _read):
        """In the place of the handlers."""
        if event.action == "bug":
            raise RuntimeError("a bug")
        self.asked[event.account] = next(self._moments)
        yield ReadRuns(door=event.account)

    def apply(self, effect: ReadRuns, _outside) -> None:
        """In the place of the appliers."""
        began = next(self._moments)
        failure = self.failures[effect.door].pop(0) if self.failures[effect.door] else None
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        if failure in {None, "done in doubt"}:
            self.shown[effect.door] = max(began, self.shown.get(effect.door, 0))
        if failure:
            raise FAILURES[failure]
