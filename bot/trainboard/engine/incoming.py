"""Deliveries of a leased mailbox are understood: parsed, reacted to, and their outcome stored.

Some are worked on in one transaction, so that a sweep's thousand runs do not cost a thousand. All of
what they ask for stands when it ends, or nothing does and each is tried by itself.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection

from trainboard.effects import Effect
from trainboard.engine import facts
from trainboard.engine.means import Means
from trainboard.errors import PayloadError
from trainboard.events import Event
from trainboard.handlers import react
from trainboard.store import inbox, log, outbox
from trainboard.store.inbox import StoredDelivery
from trainboard.store.reading import StoreRead

BATCH = 200
TOGETHER = 20

_log = structlog.get_logger(__name__)

Wanted = dict[str, tuple[Effect, int]]
"""Effects by their keys, each with the number of the delivery that asked for it last."""


def drain(means: Means, mailbox: str) -> None:
    """Work on what waits in the mailbox, in the order it came, until one delivery must wait for a retry."""
    with means.outside.database.read() as connection:
        waiting = inbox.list_waiting(connection, mailbox, BATCH, means.outside.clock())
    for start in range(0, len(waiting), TOGETHER):
        if not _work(means, mailbox, waiting[start : start + TOGETHER]):
            return


def _work(means: Means, mailbox: str, together: Sequence[StoredDelivery]) -> bool:
    """False if the mailbox must wait, or is somebody else's now."""
    try:
        parsed = [(stored, list(means.parse(stored.delivery))) for stored in together]
        with means.outside.database.write() as connection:
            if not means.keep_lease(connection, mailbox):
                return False
            woken = _store(means, connection, parsed)
    except Exception as error:  # noqa: BLE001  a bug of ours must not stop the mailbox for ever
        if len(together) > 1:
            return all(_work(means, mailbox, [stored]) for stored in together)
        return _fail(means, together[0], error)
    for stored in together:
        _count(means, stored, "done")
    for name, at in woken.items():
        means.outside.wake(name, at)
    return True


def _store(
    means: Means, connection: Connection, parsed: Sequence[tuple[StoredDelivery, list[Event]]]
) -> dict[str, datetime]:
    """Facts, effects and outcomes; answers the mailboxes that became due."""
    now = means.outside.clock()
    read = StoreRead(connection, means.outside.projects, means.outside.doors, now)
    wanted: Wanted = {}
    for stored, events in parsed:
        for event in events:
            log.append(connection, event, stored.number, now)
            for outcome in react(event, read):
                if isinstance(outcome, Effect):
                    wanted[outcome.key] = (outcome, stored.number)
                else:
                    facts.record(connection, outcome)
        inbox.finish(connection, stored.number, now, note=None if events else "nothing in it for us")
    for effect, delivery in wanted.values():
        outbox.put(connection, effect, now, pace=means.pace, delivery=delivery)
    return {f"out:{effect.mailbox}": now for effect, _ in wanted.values()}


def _fail(means: Means, stored: StoredDelivery, error: Exception) -> bool:
    """Bury or postpone the delivery; False if the mailbox must wait for it."""
    verdict = means.judge(error, stored.attempts)
    hopeless = isinstance(error, PayloadError) or verdict.delay is None
    reason = str(error) if isinstance(error, PayloadError) else f"{type(error).__name__}: {error}"
    _log.warning(
        "delivery is dead" if hopeless else "delivery failed",
        source=stored.delivery.source,
        delivery=stored.delivery.id,
        reason=reason,
        exc_info=not isinstance(error, PayloadError),
    )
    now = means.outside.clock()
    with means.outside.database.write() as connection:
        if isinstance(error, PayloadError) or verdict.delay is None:
            inbox.bury(connection, stored.number, now, reason)
        else:
            inbox.postpone(connection, stored.number, now + verdict.delay, verdict.attempts, reason)
    _count(means, stored, "dead" if hopeless else "postponed")
    return hopeless


def _count(means: Means, stored: StoredDelivery, outcome: str) -> None:
    kind = stored.delivery.source.split("/", 1)[0]
    means.telemetry.worked.labels(kind, outcome).inc()
