"""What it costs to count a call to GitHub, beside an empty transaction that is synced to disk."""

import argparse
import statistics
import time
from datetime import UTC, datetime

from databases import on_each
from server import end_with_signals

from trainboard.budgets import Lane, Notice, Quota
from trainboard.github.limits import WINDOWS
from trainboard.store.budgets import StoredBudgets
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade


def measure(action, times):
    """Median, 99th percentile and mean processor time of `times` calls, in milliseconds."""
    spans, processor = [], time.process_time()
    for _ in range(times):
        began = time.perf_counter()
        action()
        spans.append((time.perf_counter() - began) * 1000)
    worked = (time.process_time() - processor) * 1000 / times
    return statistics.median(spans), statistics.quantiles(spans, n=100)[98], worked


def touch(database):
    """The least that a durable commit can cost."""
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE secrets SET name = name WHERE name = 'bench'")


def main():
    """Print a table for SQLite, and for PostgreSQL where it is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="200 calls instead of 2,000")
    times = 200 if parser.parse_args().quick else 2000
    end_with_signals()
    on_each(run, times)


def run(url, times):
    """One database: an empty transaction, then calls as fast as the hour allows, with its window full."""
    database = Database(url)
    upgrade(database)
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM secrets WHERE name = 'bench'")
        connection.exec_driver_sql("INSERT INTO secrets (name, value) VALUES ('bench', '')")
    seconds = [0.0]
    budgets = StoredBudgets(database, lambda: datetime.fromtimestamp(1_800_000_000 + seconds[0], UTC))
    budget = budgets.of("github:api.github.com/token", WINDOWS)
    left = [5000]

    def call():
        seconds[0] += 8.1  # as fast as an hour's 450 writes allow
        left[0] = left[0] - 1 or 5000
        budget.admit("look", Lane.COMMAND, writes=True)
        quota = Quota(limit=5000, remaining=left[0], resets_in_seconds=3600 - seconds[0] % 3600)
        budget.note(Notice(quota=quota))

    empty = measure(lambda: touch(database), times)
    counted = measure(call, times)
    print(url.partition(":")[0])
    for name, (median, worst, worked) in (("empty transaction", empty), ("counting a call", counted)):
        print(f"  {name:<18} p50 {median:.2f} ms   p99 {worst:.2f} ms   processor {worked:.2f} ms")
    print(f"  ratio              {counted[0] / empty[0]:.1f}")
    database.close()


if __name__ == "__main__":
    main()
