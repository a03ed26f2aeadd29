"""Deliveries of a leased mailbox are understood: parsed, reacted to, and their outcome stored.

Some are worked on in one transaction, so that a sweep's thousand runs do not cost a thousand. All of
what they ask for stands when it ends, or nothing does and each is tried by itself.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import structlog
from sqlalchemy import Connection
from structlog.contextvars import bound_contextvars

from trainboard.effects import Effect
from trainboard.engine import facts
from trainboard.engine.means import Means
from trainboard.errors import PayloadError
from trainboard.events import Event, RepositoryMoved
from trainboard.handlers import react
from trainboard.moves import list_outdated, say_what, say_what_to_do
from trainboard.store import commits, inbox, log, mailboxes, moves, outbox
from trainboard.store.inbox import StoredDelivery
from trainboard.store.reading import StoreRead
from trainboard.tracing import delivery_span

BATCH = 200
TOGETHER = 20
TOGETHER_BYTES = 150_000
"""Whoever arrives waits for a transaction of SQLite; so much is understood in some hundredths of a second."""
NOTHING = "nothing in it for us"

_log = structlog.get_logger(__name__)

Wanted = dict[str, tuple[Effect, list[int]]]
"""Effects by their keys, each with the numbers of the deliveries that asked for it, the last one last."""


def drain(means: Means, names: Collection[str]) -> None:
    """Work on what waits in the leased mailboxes, in the order it came.

    A delivery that must wait for a retry holds back those behind it in its mailbox.
    """
    with means.outside.database.read() as connection:
        waiting = inbox.list_waiting(connection, names, BATCH, means.outside.clock())
    held_back: set[str] = set()
    for portion in _portion(waiting):
        together = [each for each in portion if each.mailbox not in held_back]
        if together:
            held_back |= _work(means, together)


def _portion(waiting: Sequence[StoredDelivery]) -> Iterator[list[StoredDelivery]]:
    """In their order, as many at once as are not too much for one transaction; one at least."""
    portion: list[StoredDelivery] = []
    size = 0
    for each in waiting:
        grown = size + len(each.delivery.body)
        if portion and (len(portion) == TOGETHER or grown > TOGETHER_BYTES):
            yield portion
            portion, grown = [], len(each.delivery.body)
        portion.append(each)
        size = grown
    if portion:
        yield portion


def _work(means: Means, together: Sequence[StoredDelivery]) -> set[str]:
    """Answers the mailboxes that must wait, or that are somebody else's now."""
    names = {stored.mailbox for stored in together}
    try:
        parsed = [(stored, _parse(means, stored)) for stored in together]
        with means.outside.database.write() as connection:
            if not means.keep_leases(connection, names):
                return names
            woken = _store(means, connection, parsed)
    except Exception as error:  # noqa: BLE001  a bug of ours must not stop the mailbox for ever
        return _work_singly(means, together) if len(together) > 1 else _fail(means, together[0], error)
    for stored in together:
        _count(means, stored, "done")
    for name, at in woken.items():
        means.outside.wake(name, at)
    return set()


def _work_singly(means: Means, together: Sequence[StoredDelivery]) -> set[str]:
    held_back: set[str] = set()
    for stored in together:
        if stored.mailbox not in held_back:
            held_back |= _work(means, [stored])
    return held_back


def _store(
    means: Means, connection: Connection, parsed: Sequence[tuple[StoredDelivery, list[Event]]]
) -> dict[str, datetime]:
    """Facts, effects and outcomes; answers the mailboxes that became due."""
    commits.lock(connection, [event for _, events in parsed for event in events])
    now = means.outside.clock()
    read = StoreRead(connection, means.outside.projects, means.outside.doors, now)
    wanted: Wanted = {}
    for stored, events in parsed:
        with _naming(stored):
            for event in events:
                for outcome in react(event, read):
                    if isinstance(outcome, Effect):
                        asking = wanted[outcome.key][1] if outcome.key in wanted else []
                        wanted[outcome.key] = (outcome, [*asking, stored.number])
                    else:
                        facts.record(connection, outcome, now, stored.number)
    log.append(connection, [(event, stored.number) for stored, events in parsed for event in events], now)
    _warn_of_moves(means, connection, parsed)
    notes = {stored.number: None if events else NOTHING for stored, events in parsed}
    inbox.finish(connection, notes, now)
    return _put(means, connection, wanted, now)


def _warn_of_moves(
    means: Means, connection: Connection, parsed: Sequence[tuple[StoredDelivery, list[Event]]]
) -> None:
    """Say what the settings have to follow, if a repository got another name just now."""
    if any(isinstance(event, RepositoryMoved) for _, events in parsed for event in events):
        for outdated in list_outdated(moves.list_all(connection), means.outside.projects.values()):
            _log.warning(say_what(outdated), fix=say_what_to_do(outdated))


def _put(means: Means, connection: Connection, wanted: Wanted, now: datetime) -> dict[str, datetime]:
    """Effects into the outbox with all that asked for them; answers when which mailbox is due.

    They are put in the order in which they were asked for: a sprint before the item that needs it.
    """
    mailboxes.lock(connection, {f"out:{effect.mailbox}" for effect, _ in wanted.values()})
    woken: dict[str, datetime] = {}
    causes: list[tuple[outbox.Asked, int]] = []
    for effect, deliveries in wanted.values():
        asked = outbox.put(connection, effect, now, pace=means.pace, delivery=deliveries[-1])
        causes += [(asked, delivery) for delivery in dict.fromkeys(deliveries)]
        name = f"out:{effect.mailbox}"
        woken[name] = min(asked.due, woken.get(name, asked.due))
    outbox.note_causes(connection, causes)
    return woken


def _parse(means: Means, stored: StoredDelivery) -> list[Event]:
    told = stored.delivery
    with _naming(stored), delivery_span(told.source, told.id, told.kind):
        return list(means.parse(told))


def _naming(stored: StoredDelivery) -> AbstractContextManager[None]:
    """Every line that is logged inside names the delivery."""
    return bound_contextvars(source=stored.delivery.source, delivery=stored.delivery.id)


def _fail(means: Means, stored: StoredDelivery, error: Exception) -> set[str]:
    """Bury or postpone the delivery; answers its mailbox if that must wait for it."""
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
        if not means.keep_leases(connection, {stored.mailbox}):
            return {stored.mailbox}
        if isinstance(error, PayloadError) or verdict.delay is None:
            inbox.bury(connection, stored.number, now, reason)
        else:
            due = now + verdict.delay
            inbox.postpone(connection, stored.number, due, verdict.attempts, reason, now=now)
    _count(means, stored, "dead" if hopeless else "postponed")
    return set() if hopeless else {stored.mailbox}


def _count(means: Means, stored: StoredDelivery, outcome: str) -> None:
    kind = stored.delivery.source.split("/", 1)[0]
    means.telemetry.worked.labels(kind, outcome).inc()
