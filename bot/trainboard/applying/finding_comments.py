"""Comments of which nobody told shall be in the inbox."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from trainboard import events
from trainboard.applying import Outside
from trainboard.applying.readings import POLL_SOURCE
from trainboard.comments import Hint
from trainboard.deliveries import Delivery
from trainboard.effects import FindComments
from trainboard.errors import TrainboardError
from trainboard.events import CommentWritten
from trainboard.experiments import Cursor
from trainboard.store import cursors, inbox, mailboxes

APPLIES = FindComments

OVERLAP = timedelta(minutes=2)
"""A comment may be listed a little later than it was written."""
AT_MOST = timedelta(days=1)
"""What was written before is answered by nobody any more."""


def apply(effect: FindComments, outside: Outside) -> None:
    """List what was written since the last look. The first look finds nothing: it only says since when.

    A comment that was told of is found too; it is known by what it commands, and not read again.
    """
    conversation = outside.conversations.get(effect.place)
    if conversation is None:
        return
    now, name = outside.clock(), f"comments/{effect.place}"
    with outside.database.read() as connection:
        last = cursors.get(connection, name).read_at
    try:
        since = max(last - OVERLAP, now - AT_MOST) if last else None
        hints = list(conversation.list_written(since)) if since else []
    except TrainboardError as error:
        with outside.database.write() as connection:
            cursors.fail(connection, name, now, str(error))
        raise
    with outside.database.write() as connection:
        names = put(connection, hints, now)
        cursors.advance(connection, name, Cursor(), now)
    for mailbox in names:
        outside.wake(mailbox, now)


def put(connection: Connection, hints: Iterable[Hint], now: datetime) -> set[str]:
    """Word of comments is in the inbox; answers the mailboxes to wake."""
    deliveries = [_delivery(hint) for hint in hints]
    names = {f"in:{delivery.entity}" for delivery in deliveries}
    mailboxes.lock(connection, names)
    for delivery in deliveries:
        inbox.put(connection, delivery, now)
    return names


def _delivery(hint: Hint) -> Delivery:
    named = "\n".join([hint.origin.ref, hint.comment, *hint.lines])
    return Delivery(
        source=f"{POLL_SOURCE}/{hint.origin.place}",
        id=f"comment/{hashlib.sha256(named.encode()).hexdigest()}",
        kind="comment",
        entity=f"{hint.origin.place}#{hint.origin.ref}",
        body=events.encode(CommentWritten(hint=hint)),
    )
