"""What is done with one leased mailbox."""

from dataclasses import dataclass
from datetime import datetime

from trainboard.engine import incoming, outgoing
from trainboard.engine.means import Means
from trainboard.store import mailboxes


@dataclass(frozen=True)
class Worker:
    """Drains mailboxes that its owner has leased."""

    means: Means

    def drain(self, mailbox: str) -> datetime | None:
        """Work on all that is due in the mailbox and give its lease back; answers when the next is due."""
        try:
            if mailbox.startswith("in:"):
                incoming.drain(self.means, mailbox)
            else:
                outgoing.drain(self.means, mailbox)
        finally:
            with self.means.outside.database.write() as connection:
                due = mailboxes.release(connection, mailbox, self.means.owner)
        return due
