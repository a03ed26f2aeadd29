"""What Prometheus is told of alerts, gathered from the store at each look."""

import threading
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from trainboard.alert_figures import AlertFigures, measure
from trainboard.alert_telemetry import OUTCOMES, AlertCollector, AlertCounts
from trainboard.store import alert_history

MEASURED = timedelta(days=30)
MEASURED_EVERY = timedelta(minutes=5)
LATE_MOMENTS = 1_000
"""So many moments may be noted before one with a lower number is."""


class AlertCounter:
    """Counts from the first look on, in the work of all processes; safe for several threads.

    Args:
        collector: is told what was counted.
        sources: kinds of sources that are shown also while nothing came of them.
    """

    def __init__(self, collector: AlertCollector, sources: Collection[str]) -> None:
        self._collector = collector
        self._sources = frozenset(sources)
        self._lock = threading.Lock()
        self._counted_to: int | None = None
        self._counted: Counter[tuple[str, str]] = Counter()
        self._figures = AlertFigures()
        self._measure_at: datetime | None = None

    def look(self, connection: Connection, now: datetime) -> None:
        """Show how alerts stand. The times are reckoned anew every five minutes, for they take longest."""
        with self._lock:
            counted = self._count(connection)
            if self._measure_at is None or now >= self._measure_at:
                self._figures = measure(alert_history.find(connection, None, now - MEASURED, now))
                self._measure_at = now + MEASURED_EVERY
            counts = AlertCounts(
                received={kind: amount for (kind, what), amount in counted.items() if what == "told"},
                bugs={each: amount for each, amount in counted.items() if each[1] in OUTCOMES},
                firing=alert_history.count_firing(connection),
                open=alert_history.count_open(connection),
            )
            seen = {kind for kind, _ in counted}.union(counts.firing, counts.open)
            self._collector.show(tuple(sorted(self._sources | seen)), counts, self._figures)

    def _count(self, connection: Connection) -> Counter[tuple[str, str]]:
        """What is far behind is counted once; the rest each time, since moments may be noted late."""
        latest = alert_history.find_latest(connection)
        if self._counted_to is None:
            self._counted_to = latest
        if latest - self._counted_to > 2 * LATE_MOMENTS:
            until = latest - LATE_MOMENTS
            self._counted.update(alert_history.count(connection, self._counted_to, until))
            self._counted_to = until
        return self._counted + Counter(alert_history.count(connection, self._counted_to))
