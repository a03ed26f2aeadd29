"""A look at what a sender sent: what of it is not here is fetched, and noted as a gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.deliveries import Acceptance, Delivery
from trainboard.errors import LimitedError, PayloadError, TrainboardError
from trainboard.ledgers import Ledger, Sent
from trainboard.store import gaps, inbox
from trainboard.store.gaps import Fate, Look, Missed

OVERLAP = timedelta(minutes=10)
"""So far a look goes back behind the end of the one before: clocks differ."""

ON_ITS_WAY = timedelta(minutes=1)
"""What was sent so shortly ago may still come by itself."""

MOST_FAILURES = 3

_log = structlog.get_logger(__name__)


@dataclass
class LookBack:
    """One look. `look` is the one before, `gap` the number of the gap that was found or went on."""

    source: str
    ledger: Ledger
    outside: Outside
    look: Look
    now: datetime
    gap: int | None = None
    failures: list[TrainboardError] = field(default_factory=list)

    def list_missing(self, since: datetime) -> list[Sent]:
        """Deliveries that are not here, in the order of their first attempts."""
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

    def fetch(self, missing: Sequence[Sent]) -> None:
        """Put deliveries into the inbox, and note what became of each.

        Raises:
            LimitedError: the sender wants to be asked later.
            TrainboardError: the sender did not tell of some; the others are here.
        """
        for sent in missing:
            self._recover(sent)
        if self.failures:
            raise self.failures[0]

    def note_blindness(self, since: datetime, until: datetime) -> None:
        """Nobody can tell any more what was sent between the two."""
        with self.outside.database.write() as connection:
            gap = self._open(connection, since, blind_until=until)
        self.gap = gap

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
        message = sent.message or self.ledger.find_message(sent)
        return None if message is None else self.outside.identify(self.source, message)

    def _store(self, sent: Sent, delivery: Delivery | None) -> None:
        """Put it into the inbox, where it may be known by another hook's id; then it was not missed."""
        if delivery is None:
            self._lose(sent, Fate.EXPIRED, "its sender has thrown it away")
            return
        with self.outside.database.write() as connection:
            acceptance = inbox.put(connection, delivery, self.now)
            was_missing = acceptance in {Acceptance.STORED, Acceptance.AGAIN}
            gap = self._note(connection, sent, Fate.RECOVERED) if was_missing else self.gap
        self.gap = gap
        self.outside.wake(f"in:{delivery.entity}", self.now)

    def _lose(self, sent: Sent, fate: Fate, reason: str) -> None:
        with self.outside.database.write() as connection:
            gap = self._note(connection, sent, fate, reason)
        self.gap = gap

    def _note(self, connection: Connection, sent: Sent, fate: Fate, reason: str | None = None) -> int:
        """The gap that it belongs to, which is one only when it is committed."""
        gap = self._open(connection, sent.at)
        missed = Missed(id=sent.id, kind=sent.kind, sent_at=sent.at, fate=fate, reason=reason)
        gaps.note(connection, self.source, gap, missed)
        return gap

    def _open(self, connection: Connection, began_at: datetime, blind_until: datetime | None = None) -> int:
        if self.gap is not None:
            return self.gap
        return gaps.open_gap(
            connection, self.source, began_at, self.now, since=self.look.until, blind_until=blind_until
        )


def _slices(ids: list[str], size: int) -> Iterable[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
