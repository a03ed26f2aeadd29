"""What is done with one leased mailbox: its deliveries are understood, its effects are made true."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside, apply
from trainboard.deliveries import Delivery
from trainboard.effects import Effect
from trainboard.engine import facts
from trainboard.engine.retry import judge
from trainboard.errors import NotYetError, PayloadError, TrainboardError
from trainboard.events import Event
from trainboard.handlers import Outcome, react
from trainboard.store import inbox, log, mailboxes, outbox
from trainboard.store.inbox import StoredDelivery
from trainboard.store.outbox import StoredEffect
from trainboard.store.reading import StoreRead
from trainboard.telemetry import Telemetry

Parse = Callable[[Delivery], Iterable[Event]]

BATCH = 200
LEASE = timedelta(seconds=120)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Drains mailboxes on behalf of `owner`, who holds their leases.

    `pace` is the least time between two applications of a paced effect; `max_attempts` counts
    tries before a delivery or effect is dead.
    """

    outside: Outside
    parse: Parse
    telemetry: Telemetry
    owner: str
    pace: timedelta
    max_attempts: int
    chance: random.Random = field(default_factory=random.Random)

    def drain(self, mailbox: str) -> datetime | None:
        """Work on all that is due in the mailbox and give its lease back."""
        try:
            if mailbox.startswith("in:"):
                self._drain_inbox(mailbox)
            else:
                self._drain_outbox(mailbox)
        finally:
            with self.outside.database.write() as connection:
                due = mailboxes.release(connection, mailbox, self.owner)
        return due

    def _drain_inbox(self, mailbox: str) -> None:
        with self.outside.database.read() as connection:
            waiting = inbox.list_waiting(connection, mailbox, BATCH)
        for stored in waiting:
            if not self._understand(stored, mailbox):
                return

    def _understand(self, stored: StoredDelivery, mailbox: str) -> bool:
        """Parse, react, and store what comes of it; False if the mailbox must wait for a retry."""
        delivery = stored.delivery
        bound = _log.bind(source=delivery.source, delivery=delivery.id, kind=delivery.kind)
        try:
            events = list(self.parse(delivery))
            with self.outside.database.write() as connection:
                if not self._keep_lease(connection, mailbox):
                    return False
                woken = self._store_outcome(connection, stored, events)
        except PayloadError as error:
            self._bury_delivery(stored, str(error))
            bound.warning("delivery is dead", reason=str(error))
        except Exception as error:  # noqa: BLE001  a bug of ours must not stop the mailbox for ever
            return self._retry_delivery(stored, error)
        else:
            self.telemetry.worked.labels(_door_kind(delivery.source), "done").inc()
            bound.debug("delivery is done", events=len(events))
            for name, at in woken.items():
                self.outside.wake(name, at)
        return True

    def _store_outcome(
        self, connection: Connection, stored: StoredDelivery, events: list[Event]
    ) -> dict[str, datetime]:
        now = self.outside.clock()
        read = StoreRead(connection, self.outside.projects, self.outside.doors, now)
        woken: dict[str, datetime] = {}
        for event in events:
            log.append(connection, event, stored.number, now)
            for outcome in react(event, read):
                self._keep(connection, outcome, stored.number, now, woken)
        note = None if events else "nothing in it for us"
        inbox.finish(connection, stored.number, now, note=note)
        return woken

    def _keep(
        self,
        connection: Connection,
        outcome: Outcome,
        delivery: int,
        now: datetime,
        woken: dict[str, datetime],
    ) -> None:
        if isinstance(outcome, Effect):
            outbox.put(connection, outcome, now, pace=self.pace, delivery=delivery)
            woken[f"out:{outcome.mailbox}"] = now
        else:
            facts.record(connection, outcome)

    def _retry_delivery(self, stored: StoredDelivery, error: Exception) -> bool:
        verdict = judge(error, stored.attempts, self.max_attempts, self.chance)
        reason = f"{type(error).__name__}: {error}"
        _log.exception("delivery failed", source=stored.delivery.source, delivery=stored.delivery.id)
        if verdict.delay is None:
            self._bury_delivery(stored, reason)
            return True
        run_at = self.outside.clock() + verdict.delay
        with self.outside.database.write() as connection:
            inbox.postpone(connection, stored.number, run_at, verdict.attempts, reason)
        self.telemetry.worked.labels(_door_kind(stored.delivery.source), "postponed").inc()
        return False

    def _bury_delivery(self, stored: StoredDelivery, reason: str) -> None:
        with self.outside.database.write() as connection:
            inbox.bury(connection, stored.number, self.outside.clock(), reason)
        self.telemetry.worked.labels(_door_kind(stored.delivery.source), "dead").inc()

    def _drain_outbox(self, mailbox: str) -> None:
        with self.outside.database.read() as connection:
            pending = outbox.list_pending(connection, mailbox)
        for stored in pending:
            if stored.run_at > self.outside.clock():
                if stored.failed:
                    return
                continue
            with self.outside.database.write() as connection:
                if not self._keep_lease(connection, mailbox):
                    return
            if not self._make_true(stored):
                return

    def _make_true(self, stored: StoredEffect) -> bool:
        """Apply the effect and note how it went; False if the mailbox must wait for a retry."""
        kind = type(stored.effect).__name__
        began = time.monotonic()
        try:
            apply(stored.effect, self.outside)
        except Exception as error:  # noqa: BLE001  whatever it is, the effect must not be lost
            return self._retry_effect(stored, error)
        finally:
            self.telemetry.effect_seconds.labels(kind).observe(time.monotonic() - began)
        with self.outside.database.write() as connection:
            outbox.finish(connection, stored, self.outside.clock(), pace=self.pace)
        self.telemetry.applied.labels(kind, "applied").inc()
        _log.debug("effect is true", kind=kind, key=stored.effect.key)
        return True

    def _retry_effect(self, stored: StoredEffect, error: Exception) -> bool:
        kind = type(stored.effect).__name__
        verdict = judge(error, stored.attempts, self.max_attempts, self.chance)
        reason = f"{type(error).__name__}: {error}"
        say = _log.debug if isinstance(error, NotYetError) else _log.warning
        unexpected = not isinstance(error, TrainboardError)
        say("effect failed", kind=kind, key=stored.effect.key, reason=reason, exc_info=unexpected)
        now = self.outside.clock()
        with self.outside.database.write() as connection:
            if verdict.delay is None:
                outbox.bury(connection, stored, now, reason)
            else:
                outbox.postpone(connection, stored, now + verdict.delay, verdict.attempts, reason)
        self.telemetry.applied.labels(kind, "postponed" if verdict.delay else "dead").inc()
        return verdict.delay is None

    def _keep_lease(self, connection: Connection, mailbox: str) -> bool:
        until = self.outside.clock() + LEASE
        return mailboxes.renew(connection, mailbox, self.owner, until)


def _door_kind(source: str) -> str:
    return source.split("/", 1)[0]
