"""What is done with leased mailboxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trainboard.engine import incoming, outgoing
from trainboard.engine.means import Means
from trainboard.store import mailboxes


@dataclass(frozen=True)
class Worker:
    """Drains mailboxes that its owner has leased."""

    means: Means

    def drain(self, names: Sequence[str]) -> datetime | None:
        """Work on all that is due in the mailboxes and give their leases back.

        They are all of deliveries or all of effects. Answers when the first of them is due next.
        """
        try:
            if names[0].startswith("in:"):
                incoming.drain(self.means, names)
            else:
                for name in names:
                    outgoing.drain(self.means, name)
        finally:
            with self.means.outside.database.write() as connection:
                due = mailboxes.release(connection, names, self.means.owner)
        return due
