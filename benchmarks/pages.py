"""What the board costs, from ten experiments to a thousand: to make, to send, and for a browser to show.

Each experiment has ten runs and two targets. The page is made by the service's own WSGI application; beside
its time stands that of reading the same rows and writing them as JSON. A browser asks for it over HTTP on
this machine and says when it had the whole document, when it first painted, and what it asked for.
"""

import argparse
import json
import logging
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from werkzeug.serving import make_server

from fakes.board import DOORS, NOW, PROJECTS, SPRINT, experiment, finished
from fakes.clock import FakeClock
from peers.browser import chromium
from trainboard.store import board
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.telemetry import Telemetry
from trainboard.web.app import create_app
from trainboard.web.health import health
from trainboard.web.pages import pages

SIZES = (10, 100, 1_000)
RUNS = 10
ROUNDS = 5
TARGETS = "val_auc >= 0.92\nlatency_p95_ms <= 40 ms"
ADDRESS = f"/projects/churn/sprints/{SPRINT}"
MOST_TIMES_ROWS = 5.0
COLUMNS = (
    *("experiments", "made ms", "rows ms", "ratio", "kB", "packed kB", "requests", "elements"),
    *("whole ms", "painted ms", "done ms"),
)
TIMES = """async () => {
    await new Promise((seen) => new PerformanceObserver((list) => {
        if (list.getEntriesByName('first-contentful-paint').length) seen();
    }).observe({type: 'paint', buffered: true}));
    const [page] = performance.getEntriesByType('navigation');
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return [page.responseEnd, paint.startTime, page.loadEventEnd, page.decodedBodySize, page.encodedBodySize,
            performance.getEntriesByType('resource').length + 1, document.querySelectorAll('*').length];
}"""


class Shown(NamedTuple):
    """What the browser says: milliseconds from its asking, bytes, requests, elements."""

    whole_ms: float
    painted_ms: float
    loaded_ms: float
    bytes: int
    packed_bytes: int
    requests: int
    elements: int

    @property
    def milliseconds(self):
        """Until it was whole, painted, and done."""
        return self.whole_ms, self.painted_ms, self.loaded_ms


def fill(database, experiments):
    """So many experiments in the sprint."""
    with database.write() as connection:
        for number in range(experiments):
            values = [0.88 + (number * 7 + each) % 60 / 1000 for each in range(RUNS)]
            reports = [finished(f"{number}-{each}", value) for each, value in enumerate(values)]
            experiment(connection, f"churn-{number:04}", reports, TARGETS, ref=str(number + 1))


def measure_best(work):
    """The least milliseconds of some rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def read_rows(database):
    """The same rows as JSON, with nothing laid out."""
    with database.read() as connection:
        cards = board.list_cards(connection, "churn", SPRINT)
    json.dumps(
        [[card.item.ref, card.item.experiment, len(card.judgements), card.runs.total] for card in cards]
    )


def ask_browser(browser, app):
    """The page in a new browser context, with nothing cached."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}{ADDRESS}", wait_until="load")
            return Shown(*page.evaluate(TIMES))
    finally:
        server.shutdown()


def print_row(*cells):
    """Numbers are rounded, texts stand as they are."""
    texts = [cell if isinstance(cell, str) else f"{cell:,.0f}" for cell in cells]
    print(" ".join(f"{text:>11}" for text in texts), flush=True)


def run(experiments, browser):
    """One line of the table; whether the page took not too much more than its rows."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/board.db")
        upgrade(database)
        fill(database, experiments)
        clock, telemetry = FakeClock(NOW), Telemetry()
        app = create_app(
            health(database, telemetry, clock), pages(database, PROJECTS, DOORS, clock, access="public")
        )
        client = app.test_client()
        made = measure_best(lambda: client.get(ADDRESS).data)
        rows = measure_best(lambda: read_rows(database))
        shown = ask_browser(browser, app)
        database.close()
    sizes = [shown.bytes / 1024, shown.packed_bytes / 1024, shown.requests, shown.elements]
    print_row(experiments, made, rows, f"{made / rows:.1f}", *sizes, *shown.milliseconds)
    return made <= rows * MOST_TIMES_ROWS


def main():
    """Print the table; exit 1 where a page took more than five times as long as its rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the largest board")
    asked = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    print_row(*COLUMNS)
    with chromium() as browser:
        sizes = SIZES[:-1] if asked.quick else SIZES
        kept = [run(size, browser) for size in sizes]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
