"""What the API costs: the board of 1,000 experiments, and a page of 100,000 deliveries.

Each experiment has ten runs and two targets. Beside the time of an answer, made by the service's own WSGI
application, stands that of the same rows by a bare SELECT, written with the standard library's JSON.
"""

import argparse
import json
import sys
import tempfile
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from pages import fill
from sqlalchemy import insert

from fakes.board import DOORS, NOW, PROJECTS
from fakes.clock import FakeClock
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.models import DeliveryRow
from trainboard.web.api.paging import make_cursor
from trainboard.web.api.resources.deliveries import DeliveriesAsked
from trainboard.web.app import create_app
from trainboard.web.pages import pages

EXPERIMENTS, DELIVERIES, SOURCES = 1_000, 100_000, 40
PAGE = 100
ROUNDS = 20
ITEMS = """
SELECT w.id, w.ref, w.experiment, w.judgements FROM work_items w
JOIN work_item_keys k ON k.work_item = w.id WHERE w.project = 'churn' AND k.number = 12
"""
RUNS = "SELECT experiment, status, count(*) FROM runs WHERE project = 'churn' GROUP BY experiment, status"
COLUMNS = "id, source, delivery_id, kind, mailbox, state, attempts, received_at, run_at, finished_at, error"
LAST = f"SELECT {COLUMNS} FROM deliveries ORDER BY id DESC LIMIT {PAGE}"
OLD = f"SELECT {COLUMNS} FROM deliveries WHERE id < 1000 ORDER BY id DESC LIMIT {PAGE}"
OF_SOURCE = f"SELECT {COLUMNS} FROM deliveries WHERE source = 'runs/7' ORDER BY id DESC LIMIT {PAGE}"
OF_ID = f"SELECT {COLUMNS} FROM deliveries WHERE delivery_id = '777'"
MOST_TIMES = 40.0


def add_deliveries(database, amount):
    """So many, of several sources."""
    common = {"kind": "run", "mailbox": "in:e", "state": "done", "run_at": NOW, "attempts": 1}
    with database.write() as connection:
        for first in range(0, amount, 10_000):
            rows = [
                common
                | {
                    "source": f"runs/{number % SOURCES}",
                    "delivery_id": str(number),
                    "received_at": NOW - timedelta(seconds=amount - number),
                    "finished_at": NOW,
                }
                for number in range(first, min(first + 10_000, amount))
            ]
            connection.execute(insert(DeliveryRow), rows)


def read_rows(database, statements):
    """The same rows, with nothing made of them."""
    with database.read() as connection:
        found = [[tuple(row) for row in connection.exec_driver_sql(each)] for each in statements]
    return json.dumps(found, default=str)


def measure_both(work, other):
    """The least milliseconds of either, turn by turn."""
    times = []
    for _ in range(ROUNDS):
        moments = [time.perf_counter()]
        for each in (work, other):
            each()
            moments.append(time.perf_counter())
        times.append([(end - begin) * 1000 for begin, end in pairwise(moments)])
    return [min(each) for each in zip(*times, strict=True)]


def name_old():
    """The address of a page that is far from the first one."""
    asked = DeliveriesAsked(limit=PAGE)
    return f"/api/v1/deliveries?limit={PAGE}&cursor={make_cursor(asked, 1_000)}"


def show(name, client, path, database, *statements):
    """One line of the table; whether the answer took not too much more than its rows."""
    assert client.get(path).status_code == 200
    size = len(client.get(path).data)
    made, rows = measure_both(lambda: client.get(path).data, lambda: read_rows(database, statements))
    bare = len(read_rows(database, statements))
    sizes = f"{size / 1024:>8,.0f} {bare / 1024:>8,.0f}"
    print(f"{name:<34} {made:>8,.1f} {rows:>8,.1f} {made / rows:>6.1f} {sizes}", flush=True)
    return made <= rows * MOST_TIMES


def main():
    """Print the table; exit 1 where an answer took far longer than its rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    part = 10 if parser.parse_args().quick else 1
    print("answer                              made ms  rows ms  ratio       kB  rows kB")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/api.db")
        upgrade(database)
        fill(database, EXPERIMENTS // part)
        add_deliveries(database, DELIVERIES // part)
        client = create_app(pages(database, PROJECTS, DOORS, FakeClock(NOW), access="public")).test_client()
        deliveries = f"/api/v1/deliveries?limit={PAGE}"
        kept = [
            show(f"board, {EXPERIMENTS // part:,} items", client, "/api/v1/board", database, ITEMS, RUNS),
            show(f"last {PAGE} deliveries", client, deliveries, database, LAST),
            show(f"{PAGE} deliveries by a cursor", client, name_old(), database, OLD),
            show(
                f"{PAGE} deliveries of a source", client, f"{deliveries}&source=runs/7", database, OF_SOURCE
            ),
            show("a delivery by its sender's id", client, f"{deliveries}&id=777", database, OF_ID),
        ]
        database.close()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
