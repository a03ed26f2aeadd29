"""What a report costs, from a few work items to very many, and whether that grows faster than they do.

An invented team plans so many items over seven sprints: estimates change, work starts, ends and is opened
again, items move between sprints. The history is written to SQLite as the service writes it, read back, and
made a report of the last sprint, as Markdown. Growth is the time beside ten times that of a tenth of the
items. What outgrows the processor's caches grows a little more by that alone: so does reading the rows, which
stands beside it.
"""

import argparse
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from trainboard.iterations import SprintPolicy, iteration
from trainboard.policy import Project
from trainboard.rendering.report.markdown import render_report
from trainboard.report.happenings import Happening
from trainboard.store import item_history, reports
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

SIZES = (100, 1_000, 10_000, 100_000)
QUICK = SIZES[:3]
SPRINTS = 7
GOAL_GROWTH = 1.5
"""Of the growth of reading the rows alone, at most: a report goes through them many times."""
ESTIMATES = (1, 2, 3, 5, 8, None)
POLICY = SprintPolicy(first_start=date(2026, 1, 5), timezone="Europe/Berlin")
PROJECT = Project(name="churn", tracker="local:churn", sprint=POLICY)


def invent(items: int) -> Iterator[Happening]:
    """Eight happenings of each item or so."""
    chance = random.Random(items)
    for number in range(items):
        yield from _invent_one(chance, f"#{number + 1}", 1 + number % SPRINTS)


def _invent_one(chance: random.Random, item: str, first: int) -> Iterator[Happening]:
    sprint = iteration(POLICY, first)
    made = sprint.starts_at - timedelta(days=chance.uniform(0, 5))
    yield Happening(
        item=item, at=made, title=f"Improve {item}", url=f"https://tracker.example.com/{item[1:]}"
    )
    yield Happening(item=item, at=made, sprint=first, state="open", points=_estimate(chance))
    at = sprint.starts_at + timedelta(days=chance.uniform(0, 9))
    yield Happening(item=item, at=at, state="started")
    if chance.random() < 0.3:
        yield Happening(item=item, at=at + timedelta(hours=1), points=_estimate(chance))
    if chance.random() < 0.2:
        at = sprint.ends_at + timedelta(minutes=1)
        yield Happening(item=item, at=at, sprint=first + 1)
    at += timedelta(days=chance.uniform(0, 5))
    yield Happening(item=item, at=at, state="done")
    if chance.random() < 0.1:
        yield Happening(item=item, at=at + timedelta(days=1), state="open")
        yield Happening(item=item, at=at + timedelta(days=2), state="done")


def _estimate(chance: random.Random) -> Decimal | None:
    points = chance.choice(ESTIMATES)
    return None if points is None else Decimal(points)


class Cost(NamedTuple):
    """Seconds of processor time of reading the history and of the whole report, and the bytes of its text."""

    read: float
    whole: float
    text: int


def measure(database: Database) -> Cost:
    """One report as Markdown."""
    now = iteration(POLICY, SPRINTS).ends_at - timedelta(days=1)
    with database.read() as connection:
        began = time.process_time()
        item_history.list_of(connection, PROJECT.name)
        read = time.process_time()
        text = render_report(reports.make(connection, PROJECT, SPRINTS, now))
    return Cost(read - began, time.process_time() - read, len(text.encode()))


def measure_size(items: int) -> tuple[int, Cost, int]:
    """Happenings, the least cost of some reports, and the most bytes of memory that one had in use."""
    happenings = list(invent(items))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/report.db")
        upgrade(database)
        began = iteration(POLICY, 1).starts_at - timedelta(days=30)
        with database.write() as connection:
            item_history.add(connection, PROJECT.name, happenings, began)
        costs = [measure(database) for _ in range(3)]
        tracemalloc.start()
        measure(database)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        database.close()
    return len(happenings), Cost(*map(min, zip(*costs, strict=True))), peak


def main() -> int:
    """Print the table; 1 if growth is worse than that of reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no more than 10,000 items")
    failed = False
    before: Cost | None = None
    print("   items  happenings  read s  report s  growth of both  memory MB  text KB")
    for items in QUICK if parser.parse_args().quick else SIZES:
        happenings, cost, peak = measure_size(items)
        growth = [now / was / 10 for now, was in zip(cost[:2], before[:2], strict=True)] if before else []
        failed |= bool(growth) and growth[1] > GOAL_GROWTH * max(1, growth[0])
        shown = "".join(f"{each:8.2f}" for each in growth)
        print(
            f"{items:8,} {happenings:11,} {cost.read:7.3f} {cost.whole:9.3f} {shown:>15}"
            f" {peak / 2**20:10.1f} {cost.text / 1024:8.1f}"
        )
        before = cost
    print(f"growth: of ten times the time of a tenth of the items; goal: {GOAL_GROWTH} of that of reading")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
