"""What a sender sent and we never got shall be in the inbox."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.deliveries import Acceptance, Delivery
from trainboard.effects import RecoverDeliveries
from trainboard.errors import LimitedError, PayloadError, TrainboardError
from trainboard.ledgers import Ledger, Sent
from trainboard.store import gaps, inbox
from trainboard.store.gaps import Fate, Look, Missed

APPLIES = RecoverDeliveries

KEPT = timedelta(days=3)
OVERLAP = timedelta(minutes=10)
ON_ITS_WAY = timedelta(minutes=1)
AT_ONCE = 500
MOST_FAILURES = 3

_log = structlog.get_logger(__name__)


def apply(effect: RecoverDeliveries, outside: Outside) -> None:
    """Fetch what did not come in and put it into the inbox, in the order in which it was sent.

    A look goes back behind the end of the last one, at most as far as GitHub remembers: three days.
    A delivery of the last minute may still be on its way. One that cannot be had or read is noted
    as such and stops none of the others.
    """
    ledger = outside.ledgers.get(effect.source)
    if ledger is None:
        return
    with outside.database.read() as connection:
        look = gaps.get_look(connection, effect.source)
    recovery = _Recovery(effect.source, ledger, outside, look, outside.clock())
    try:
        recovery.run()
    except TrainboardError as error:
        with outside.database.write() as connection:
            gaps.fail(connection, effect.source, outside.clock(), str(error))
        recovery.report()
        raise
    recovery.report()


@dataclass
class _Recovery:
    source: str
    ledger: Ledger
    outside: Outside
    look: Look
    now: datetime
    gap: int | None = None
    failures: list[TrainboardError] = field(default_factory=list)

    def run(self) -> None:
        """Look, fetch, and note how far we came."""
        horizon = self.now - KEPT
        known_until = self.look.until
        since = horizon if known_until is None else max(known_until - OVERLAP, horizon)
        missing = self._list_missing(since)
        if known_until is not None and known_until < horizon:
            with self.outside.database.write() as connection:
                self._open(connection, known_until, blind_until=horizon)
        for sent in missing[:AT_ONCE]:
            self._recover(sent)
        if self.failures:
            raise self.failures[0]
        left = missing[AT_ONCE:]
        with self.outside.database.write() as connection:
            gaps.advance(connection, self.source, left[0].at if left else self.now - ON_ITS_WAY)

    def report(self) -> None:
        """Name the gap that this look found or made longer."""
        if self.gap is None:
            return
        with self.outside.database.read() as connection:
            gap = gaps.get_gap(connection, self.gap)
        _log.warning(
            f"listener gap from {gap.began_at:%Y-%m-%d %H:%M:%S} to {gap.ended_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"recovered {gap.recovered} of {gap.missing}",
            sender=self.source,
            unknown_until=None if gap.blind_until is None else gap.blind_until.isoformat(),
            **gap.fates,
        )

    def _list_missing(self, since: datetime) -> list[Sent]:
        """Deliveries that are not here, by their first attempt."""
        first: dict[str, Sent] = {}
        for sent in self.ledger.list_sent(since):
            if sent.at <= self.now - ON_ITS_WAY:
                latest = first.get(sent.id, sent)
                first[sent.id] = msgspec.structs.replace(latest, at=sent.at)
        with self.outside.database.read() as connection:
            settled = {
                known
                for some in _slices(list(first), 500)
                for known in gaps.list_settled(connection, self.source, some)
            }
        return sorted((sent for sent in first.values() if sent.id not in settled), key=lambda sent: sent.at)

    def _recover(self, sent: Sent) -> None:
        if len(self.failures) == MOST_FAILURES:
            return
        try:
            delivery = self._read(sent)
        except LimitedError:
            raise
        except PayloadError as error:
            self._lose(sent, Fate.UNREADABLE, str(error))
        except TrainboardError as error:
            self.failures.append(error)
        except Exception as error:  # noqa: BLE001  one odd delivery must not stop the others
            _log.exception("a missed delivery could not be read", sender=self.source, missed=sent.id)
            self._lose(sent, Fate.UNREADABLE, f"{type(error).__name__}: {error}")
        else:
            self._store(sent, delivery)

    def _read(self, sent: Sent) -> Delivery | None:
        message = self.ledger.find_message(sent)
        return None if message is None else self.outside.identify(self.source, message)

    def _store(self, sent: Sent, delivery: Delivery | None) -> None:
        """Put it into the inbox, where it may be known by another hook's id; then it was not missed."""
        if delivery is None:
            self._lose(sent, Fate.EXPIRED, "its sender has thrown it away")
            return
        with self.outside.database.write() as connection:
            acceptance = inbox.put(connection, delivery, self.now)
            if acceptance in {Acceptance.STORED, Acceptance.AGAIN}:
                self._note(connection, sent, Fate.RECOVERED)
        self.outside.wake(f"in:{delivery.entity}", self.now)

    def _lose(self, sent: Sent, fate: Fate, reason: str) -> None:
        with self.outside.database.write() as connection:
            self._note(connection, sent, fate, reason)

    def _note(self, connection: Connection, sent: Sent, fate: Fate, reason: str | None = None) -> None:
        gap = self._open(connection, sent.at)
        missed = Missed(id=sent.id, kind=sent.kind, sent_at=sent.at, fate=fate, reason=reason)
        gaps.note(connection, self.source, gap, missed)

    def _open(self, connection: Connection, began_at: datetime, blind_until: datetime | None = None) -> int:
        if self.gap is None:
            self.gap = gaps.open_gap(
                connection, self.source, began_at, self.now, since=self.look.until, blind_until=blind_until
            )
        return self.gap


def _slices(ids: list[str], size: int) -> Iterable[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
