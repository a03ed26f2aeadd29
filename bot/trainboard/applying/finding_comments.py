"""Comments of which nobody told shall be in the inbox."""

import hashlib
from datetime import timedelta

from trainboard.applying import Outside, polled
from trainboard.comments import Hint
from trainboard.deliveries import Delivery
from trainboard.effects import FindComments
from trainboard.errors import TrainboardError
from trainboard.events import CommentWritten
from trainboard.experiments import Cursor
from trainboard.store import cursors

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
        names = polled.put(connection, map(make_delivery, hints), now)
        cursors.advance(connection, name, Cursor(), now)
    for mailbox in names:
        outside.wake(mailbox, now)


def make_delivery(hint: Hint) -> Delivery:
    """What tells of a comment, once for what it commands."""
    origin, event = hint.origin, CommentWritten(hint=hint)
    id_ = f"comment/{name_commands(hint)}"
    return polled.make_delivery(origin.place, "comment", f"{origin.place}#{origin.ref}", event, id_=id_)


def name_commands(hint: Hint) -> str:
    """What tells commands of one comment from all others."""
    named = "\n".join([hint.origin.ref, hint.comment, *hint.lines])
    return hashlib.sha256(named.encode()).hexdigest()
