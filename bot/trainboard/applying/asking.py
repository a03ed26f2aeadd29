"""What shall become true because something else did: it is asked for in that one's transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.effects import Effect
from trainboard.store import outbox

Due = Mapping[str, datetime]
"""Mailboxes to wake once the transaction is over, and when."""


def ask(
    connection: Connection, effects: Iterable[Effect], outside: Outside, *, pace: timedelta = timedelta(0)
) -> dict[str, datetime]:
    """Have the effects made true, each `pace` after its last time if it is paced; answers what is `Due`."""
    now = outside.clock()
    due: dict[str, datetime] = {}
    for effect in effects:
        mailbox, at = f"out:{effect.mailbox}", outbox.put(connection, effect, now, pace=pace).due
        due[mailbox] = min(at, due.get(mailbox, at))
    return due


def wake(due: Due, outside: Outside) -> None:
    """Tell the engine."""
    for mailbox, at in due.items():
        outside.wake(mailbox, at)
