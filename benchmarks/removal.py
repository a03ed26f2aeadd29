"""A hundred thousand old rows are removed: how long does it take, and how long must a writer wait?

Deliveries with bodies, events, effects and causes are written as of long ago; then the removal runs while
another thread stores deliveries, each in a transaction of its own, as a sender's request does.
"""

import argparse
import itertools
import statistics
import threading
import time
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from databases import on_each
from server import end_with_signals
from sqlalchemy import func, insert, select

from trainboard import effects
from trainboard.applying import removal
from trainboard.deliveries import Delivery
from trainboard.effects import EnsureExperimentItem, RemoveOldRows
from trainboard.policy import Keep
from trainboard.store import inbox
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.models import DeliveryBodyRow, DeliveryRow, EffectCauseRow, EffectRow, EventRow

NOW = datetime(2026, 11, 18, tzinfo=UTC)
BODY = zlib.compress(b'{"some": "json"}' * 1000, 1)


def fill(database, amount):
    """`amount` deliveries that were done long ago, each with all that may hang on one."""
    at = NOW - timedelta(days=200)
    numbers = range(1, amount + 1)
    done = {"state": "done", "received_at": at, "run_at": at, "finished_at": at, "attempts": 0}
    rows = {
        DeliveryRow: [
            done | {"source": "runs/ci", "delivery_id": f"d{n}", "kind": "run", "mailbox": f"in:{n % 50}"}
            for n in numbers
        ],
        DeliveryBodyRow: [{"delivery": n, "body": BODY} for n in numbers],
        EffectRow: [effect(n, at) for n in numbers],
        EffectCauseRow: [{"effect": n, "delivery": n, "version": 0} for n in numbers],
        EventRow: [
            {"kind": "x", "subject": "x", "at": at, "recorded_at": at, "delivery": n, "document": "{}"}
            for n in numbers
        ],
    }
    with database.write() as connection:
        for table, some in rows.items():
            connection.execute(insert(table), some)


def effect(number, at):
    """One that was applied."""
    made = EnsureExperimentItem(project="churn", experiment=f"xgb-{number % 50}", number=1)
    ended = {
        "state": "applied",
        "created_at": at,
        "run_at": at,
        "applied_at": at,
        "attempts": 0,
        "version": 0,
    }
    return ended | {
        "key": made.key,
        "mailbox": f"out:{made.mailbox}",
        "kind": "EnsureExperimentItem",
        "document": effects.encode(made),
        "delivery": number,
    }


def store_meanwhile(database, over):
    """How long each of a sender's deliveries took to be stored, in milliseconds, until `over` is set."""
    times = []
    for number in itertools.count():
        if over.is_set():
            return times
        delivery = Delivery(source="github", id=f"g{number}", kind="issues", entity="e", body=b"{}")
        began = time.perf_counter()
        with database.write_urgently() as connection:
            inbox.put(connection, delivery, NOW)
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.002)
    raise AssertionError


class Timed(Database):
    """A database that notes how long its transactions that write took, in milliseconds."""

    def __init__(self, url):
        super().__init__(url)
        self.times = []

    @contextmanager
    def write(self):
        with super().write() as connection:
            began = time.perf_counter()
            yield connection
        self.times.append((time.perf_counter() - began) * 1000)


def main():
    """Print a table for SQLite, and for PostgreSQL where it is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="deliveries; default 100,000")
    parser.add_argument("--quick", action="store_true", help="5,000 deliveries")
    options = parser.parse_args()
    amount = 5_000 if options.quick else options.rows
    end_with_signals()
    on_each(run, amount)


def run(url, amount):
    """One database: fill it, remove all of it, and print what that took."""
    database = Timed(url)
    upgrade(database)
    fill(database, amount)
    database.times.clear()
    over, stored = threading.Event(), []
    sender = threading.Thread(target=lambda: stored.extend(store_meanwhile(database, over)))
    sender.start()
    began = time.perf_counter()
    removal.apply(RemoveOldRows(), SimpleNamespace(database=database, clock=lambda: NOW, keep=Keep()))
    seconds = time.perf_counter() - began
    over.set()
    sender.join()
    with database.read() as connection:
        old = DeliveryRow.source == "runs/ci"
        left = connection.execute(select(func.count()).select_from(DeliveryRow).where(old)).scalar()
    print(f"{url.partition(':')[0]}: {amount:,} deliveries with body, event, effect and cause")
    print(f"  {left} are left after {seconds:.1f} s")
    report("a removal's transaction", database.times)
    report("a delivery meanwhile", stored)
    database.close()


def report(name, times):
    """How long it took, in milliseconds."""
    cuts = statistics.quantiles(times, n=100)
    print(
        f"  {name:<24} {len(times):6,} of   p50 {cuts[49]:5.1f} ms   p99 {cuts[98]:5.1f} ms   "
        f"max {max(times):5.1f} ms"
    )


if __name__ == "__main__":
    main()
