"""What a worker works with."""

import random
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.deliveries import Delivery
from trainboard.effects.value import EffectValue
from trainboard.engine.leases import LEASE
from trainboard.engine.retry import Verdict, judge
from trainboard.events import Event
from trainboard.store import mailboxes
from trainboard.telemetry import Telemetry

Parse = Callable[[Delivery], Iterable[Event]]

LONGEST_PAUSE_SECONDS = EffectValue.longest_pause_seconds
"""So long at most a delivery waits for its next try: no longer than a change."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """Shared by all workers of a process.

    `owner` is the name under which they lease mailboxes; `pace` is the least time between two
    applications of a paced effect; `max_attempts` counts tries before a delivery or effect is dead.
    """

    outside: Outside
    parse: Parse
    telemetry: Telemetry
    owner: str
    pace: timedelta
    max_attempts: int
    chance: random.Random = field(default_factory=random.Random)

    def keep_leases(self, connection: Connection, names: Collection[str]) -> bool:
        """Renew the leases; False if one ran out and somebody else has the mailbox."""
        return mailboxes.renew(connection, names, self.owner, self.outside.clock(), LEASE)

    def judge(
        self, error: Exception, attempts: int, longest_seconds: float = LONGEST_PAUSE_SECONDS
    ) -> Verdict:
        """What to do after a try failed that had `attempts` before it."""
        return judge(error, attempts, self.max_attempts, self.chance, longest_seconds)
