"""A sweep of 10,000 runs, told one by one within an hour: what does the work item see of it?

A whole bot takes the reports by HTTP, in portions, as jobs send them, and keeps the item on the local board.
At a tenth of the runs and at all of them the text is made once more, beside reading and decoding the rows.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from server import end_with_signals

from fakes.conversation import PROJECT, Conversation, run
from trainboard import logs
from trainboard.applying.experiment_text import text_of
from trainboard.store import items, runs
from trainboard.work_items import WorkItemChange

RUNS, QUICK_RUNS = 10_000, 1_000
HOUR = timedelta(hours=1)
PORTIONS = 240
EDIT_SECONDS = 30
"""The default of `edit_interval_seconds`."""
EXPERIMENT, SPRINT = "churn-sweep", 1
TARGET = "val_auc >= 0.95\n\n"
MOST_BYTES = 60_000
MOST_GROWTH = 1.5
"""Of the growth of reading the rows alone, at most."""
ROUNDS = 3


class Tracker:
    """Passes every call on to the local board, and counts it."""

    def __init__(self, tracker):
        self._tracker = tracker
        self.calls = Counter()

    def __getattr__(self, name):
        found = getattr(self._tracker, name)
        if not callable(found):
            return found

        def call(*args, **kwargs):
            self.calls[name] += 1
            return found(*args, **kwargs)

        return call


class Cost(NamedTuple):
    """Seconds of processor time to read and decode the rows, and to make the text, which reads them too."""

    reading: float
    text: float


def document(number, planned):
    """The report of one trial; one of fifty fails."""
    scores = {f"metric_{n}": (number * 31 + n) % 997 / 997 for n in range(7)}
    return run(
        f"trial-{number}",
        EXPERIMENT,
        "failed" if number % 50 == 49 else "finished",
        metrics=scores | {"val_auc": 0.9 + number % 1000 / 1e4},
        params={f"param_{n}": number % (n + 2) for n in range(10)},
        run={"group": {"id": "sweep-1", "kind": "sweep", "name": "Search of rates", "planned": planned}},
    )


def play(bot, amount):
    """Tell of all runs within an hour; the costs of the text by how many runs it tells of."""
    bounds = [amount * n // PORTIONS for n in range(PORTIONS + 1)]
    costs = {}
    for first, last in itertools.pairwise(bounds):
        for number in range(first, last):
            bot.reports(document(number, amount), settle=False)
        bot.clock.forward(seconds=HOUR.total_seconds() / PORTIONS)
        bot.settle()
        if not first:
            set_target(bot)
        if last in {amount // 10, amount}:
            costs[last] = measure(bot)
    bot.forward(minutes=2)
    return costs


def set_target(bot):
    """Somebody writes what is to be reached, above the bot's part."""
    [item] = bot.items()
    bot.bot.outside.trackers["churn"].update_item(item.ref, WorkItemChange(body=TARGET + item.body))


def measure(bot):
    """The least of some rounds."""
    body, costs = bot.items()[0].body, []
    with bot.bot.database.read() as connection:
        known = items.find(connection, "churn", EXPERIMENT, SPRINT)
    for _ in range(ROUNDS):
        began = time.process_time()
        with bot.bot.database.read() as connection:
            runs.list_reports(connection, "churn", EXPERIMENT, known.sprints)
        read = time.process_time()
        text_of(known, body, bot.bot.outside)
        costs.append(Cost(read - began, time.process_time() - read))
    return Cost(*map(min, zip(*costs, strict=True)))


def main():
    """Play the sweep and print what it took; fails where the item is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of the sweep; default 10,000")
    parser.add_argument("--quick", action="store_true", help="1,000 runs")
    options = parser.parse_args()
    end_with_signals()
    logs.configure("console", "error")
    amount = QUICK_RUNS if options.quick else options.runs
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as folder:
        bot = Conversation(f"sqlite:///{folder}/trainboard.db", projects=[PROJECT])
        trackers = bot.bot.outside.trackers
        trackers["churn"] = tracker = Tracker(trackers["churn"])
        began = time.process_time()
        costs = play(bot, amount)
        seconds = time.process_time() - began
        calls = dict(tracker.calls)
        [item] = bot.items()
        bot.close()
    show(amount, seconds, calls, costs, item.body)


def show(amount, seconds, calls, costs, body):
    """Print the figures and judge them."""
    size = len(body.encode())
    made, written, read = (calls.get(f"{verb}_item", 0) for verb in ("create", "update", "get"))
    turns = HOUR.total_seconds() / EDIT_SECONDS
    print(
        f"{amount:,} runs of a sweep told within an hour of the bot's clock: "
        f"{seconds:.1f} s of processor time"
    )
    print(
        f"items made {made}, written {written} times, read {read} times"
        f" (goal: {turns:.0f}, an edit in {EDIT_SECONDS} s)"
    )
    print(f"calls to the tracker for each report {(made + written + read) / amount:.3f}")
    print(f"the text has {size:,} bytes (goal: at most {MOST_BYTES:,})")
    for line in (each for each in body.splitlines() if each.startswith("**") or "sweep" in each):
        print(f"  {line}")
    print("    runs  reading ms   text ms  ratio")
    for number, cost in costs.items():
        ratio = cost.text / cost.reading
        print(f"{number:8,} {cost.reading * 1000:11.1f} {cost.text * 1000:9.1f} {ratio:6.2f}")
    first, last = costs.values()
    growth = (last.text / first.text) / (last.reading / first.reading)
    print(
        f"growth of the text's time: {growth:.2f} of that of reading the rows (goal: at most {MOST_GROWTH})"
    )
    done = f"{amount:,} of {amount:,} done, {amount // 50:,} failed"
    if size > MOST_BYTES or done not in body or written > turns + 5 or growth > MOST_GROWTH:
        raise SystemExit("not as it must be")


if __name__ == "__main__":
    main()
