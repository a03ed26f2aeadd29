"""What a soak looks at: what waits, what the database holds, what processes take, and whether that grows."""

import math
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from processes import resident_mb
from sqlalchemy import func, select

from trainboard.store.models import DeliveryRow, EffectRow

MOST_GROWTH = 0.05
FEW_ROWS = 200
SURE = 2


@dataclass(frozen=True)
class Sample:
    """One look: how many deliveries and effects are due, and for how many seconds the oldest of them is.

    `memory` is in MB, by process; `used` are the MB of the database without room that it will use again,
    `held` with it, and `log` those of its log.
    """

    at: float
    backlog: int
    oldest: float
    memory: dict
    used: float
    held: float
    log: float
    rows: dict


class Gauges:
    """Looks at the database of an Inbox, and at processes by the ids of their roots."""

    def __init__(self, inbox, url, roots):
        self._inbox = inbox
        self._file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
        self._roots = roots
        self._tables = inbox.tables()

    def look(self):
        """How it is now."""
        backlog, oldest = self.look_for_work()
        used, held, log = self._sizes()
        return Sample(
            at=time.monotonic(),
            backlog=backlog,
            oldest=oldest,
            memory={pid: mb for root in self._roots for pid, mb in resident_mb(root).items()},
            used=used,
            held=held,
            log=log,
            rows={table: self._inbox.value(f"SELECT count(*) FROM {table}") for table in self._tables},
        )

    def look_for_work(self):
        """How many deliveries and effects are due, and the age of the oldest in seconds."""
        deliveries, came = self._inbox.row(
            select(func.count(), func.min(DeliveryRow.received_at)).where(DeliveryRow.state == "waiting")
        )
        now = datetime.now(UTC)
        is_due = (EffectRow.state == "pending") & (EffectRow.run_at <= now)
        effects, due = self._inbox.row(select(func.count(), func.min(EffectRow.run_at)).where(is_due))
        since = min(filter(None, (came, due)), default=now)
        return deliveries + effects, max(0.0, (now - since).total_seconds())

    def _sizes(self):
        if self._file is None:
            size = self._inbox.value("SELECT pg_database_size(current_database())") / 1e6
            return size, size, 0.0
        page, pages, free = (
            self._inbox.value(f"PRAGMA {name}") for name in ("page_size", "page_count", "freelist_count")
        )
        log = self._file.with_name(self._file.name + "-wal")
        return (pages - free) * page / 1e6, pages * page / 1e6, log.stat().st_size / 1e6


@dataclass(frozen=True)
class Trend:
    """A line through points: what it grows by in an hour, how unsure that is, and the mean of the points."""

    per_hour: float
    error: float
    mean: float

    @property
    def is_flat(self):
        """True unless it surely grows, in an hour, by more than a twentieth of what it is."""
        return self.per_hour - SURE * self.error <= MOST_GROWTH * self.mean


def trend(points):
    """The line of least squares through (seconds, value); nothing is sure of less than three points."""
    if len(points) <= 2:
        return Trend(0.0, math.inf, statistics.fmean(value for _, value in points))
    times, values = zip(*points, strict=True)
    slope, offset = statistics.linear_regression(times, values)
    spread = sum((at - statistics.fmean(times)) ** 2 for at in times)
    left = sum((value - offset - slope * at) ** 2 for at, value in points)
    return Trend(slope * 3600, math.sqrt(left / (len(points) - 2) / spread) * 3600, statistics.fmean(values))


def list_trends(samples):
    """Name and trend of all that could grow, over the second half; tables with some rows only."""
    half = samples[len(samples) // 2 :]
    yield "memory, MB", trend([(each.at, sum(each.memory.values())) for each in half])
    yield "database, MB", trend([(each.at, each.used) for each in half])
    for table in half[0].rows:
        line = trend([(each.at, each.rows[table]) for each in half])
        if line.mean >= FEW_ROWS:
            yield f"rows of {table}", line
