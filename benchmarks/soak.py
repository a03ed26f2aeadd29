"""Every source at once for half an hour, a burst of 50,000, and more workers on one backlog.

How many a second are taken for good is found first, by steps; the soak goes on at a share of that. It keeps
for minutes what is kept for days, so what grows then would grow for years. Requests are sent when they are
due, whatever the answers take, and their times count from then.
"""

import argparse
import contextlib
import itertools
import os
import signal
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import mixture
from books import Books, Told
from databases import new_database, postgresql_server
from empty_wandb import empty_wandb
from gauges import Gauges, list_trends
from inbox import open_inbox
from load import Sender, SteadySender
from server import end_with_signals, free_port, python, running

HERE = Path(__file__).parent
CONFIG = "trainboard.toml"
SETTINGS = """[server]
log_level = "warning"
dashboard = "public"
database = "{database}"
[engine]
edit_interval_seconds = {pace}
"""
PARTS = "soak,burst,speed-up"
CONNECTIONS = 32
FIRST_RATE = 50
SLOW_MILLISECONDS, LATE_SECONDS = 100.0, 2.0
KEPT_SHARE = 5
LEAST_MINUTES = 5
WORKERS = (1, 2, 4)
WORK_SECONDS = 3_600
FOR_GOOD = 7 * 24 * 3600
PAGES = ("/", "/api/v1/board", "/metrics")
ROWS = ("deliveries", "effects", "events", "runs")


@dataclass(frozen=True)
class Place:
    """A service that runs: its port, and its database with what looks into it."""

    port: int
    inbox: object
    gauges: Gauges


@contextlib.contextmanager
def service(database, role="serve", *, keep=FOR_GOOD, pace=30):
    """A web server of ours over an empty database; it keeps what is done for so many seconds."""
    with empty_wandb() as wandb, tempfile.TemporaryDirectory(prefix="trainboard-bench-") as folder:
        url, port = new_database(database, folder), free_port()
        settings = SETTINGS.format(database=url, pace=pace) + mixture.write_settings(wandb)
        (Path(folder) / CONFIG).write_text(settings)
        command = trainboard(role, "--port", port, keep=keep)
        with running(command, port, folder) as server, open_inbox(url) as inbox:
            yield Place(port, inbox, Gauges(inbox, url, [server.pid])), folder


def trainboard(*arguments, keep=FOR_GOOD, away=0):
    """One of the bot's commands; its board answers after `away` milliseconds."""
    return python(HERE / "jobs" / "short_memory.py", keep, away, *arguments, "--config", CONFIG)


def find_knee(database, options):
    """The highest rate at which all is answered in time and worked on, by doubling and halving.

    A service that has just begun is slow: what is sent first does not count.
    """
    print(f"\n{name_of(database)}: steps of {options.step_seconds} s")
    with service(database) as (place, _):
        requests, good, bad, rate = mixture.list_requests(), 0, None, FIRST_RATE
        send(place, requests, FIRST_RATE // 2, options.step_seconds)
        work_off(place)
        for _ in range(options.steps):
            if step(place, requests, rate, options.step_seconds):
                good = rate
            else:
                bad = rate
            rate = good * 2 if bad is None else max(1, (good + bad) // 2)
    return good


def step(place, requests, rate, seconds):
    """Send at this rate for a while; whether it was answered in time and worked on."""
    told = send(place, requests, rate, seconds)
    sample = place.gauges.look()
    is_quick = told.cut(99) <= SLOW_MILLISECONDS and sample.oldest <= LATE_SECONDS
    is_good = is_quick and not told.refused.total()
    print(
        f"  {rate:5}/s  p50 {told.cut(50):7.1f} ms  p99 {told.cut(99):7.1f} ms  backlog {sample.backlog:6,}  "
        f"oldest {sample.oldest:5.1f} s  {'kept up' if is_good else 'too much'}",
        flush=True,
    )
    work_off(place)
    return is_good


def send(place, requests, rate, seconds, told=None):
    """Send at this rate; what was told, which is also added to `told` as it comes."""
    told = told or Told()
    for answer in SteadySender(place.port, CONNECTIONS).answers(requests, rate=rate, seconds=seconds):
        told.note(answer)
    return told


def work_off(place):
    """The seconds until nothing is due; ends the program if that takes too long."""
    began = time.monotonic()
    while waiting := place.gauges.look_for_work()[0]:
        if time.monotonic() - began > WORK_SECONDS:
            raise SystemExit(f"{waiting:,} are left after {WORK_SECONDS} s")
        time.sleep(0.1)
    return time.monotonic() - began


class Watcher(threading.Thread):
    """Looks at a place every few seconds while others send, and prints a line now and then."""

    def __init__(self, place, told, options):
        super().__init__(daemon=True)
        self.samples, self.total, self.books = [], Told(), Books(place.inbox)
        self._place, self._told, self._options = place, told, options
        self._over = threading.Event()

    def run(self):
        """Look until it is over."""
        for line in itertools.count(1):
            minute, began = Told(), time.monotonic()
            while time.monotonic() - began < self._options.line_seconds and not self._over.is_set():
                self._over.wait(self._options.look_seconds)
                self._look(minute)
            print_line(line * self._options.line_seconds, time.monotonic() - began, minute, self.samples[-1])
            if self._over.is_set():
                return

    def end(self):
        """Look once more, and no more."""
        self._over.set()
        self.join()
        self._look(Told())

    def _look(self, minute):
        for path in PAGES:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._place.port}{path}", timeout=60) as page:
                page.read()
        taken = self._told.take()
        minute.add(taken)
        self.total.add(taken)
        self.books.compare(taken.acknowledged)
        self.samples.append(self._place.gauges.look())


def print_heads():
    """What the columns of a soak are."""
    heads = ("seconds", "acks/s", "p50 ms", "p99 ms", "max ms", "refused", "backlog", "oldest s")
    print(*(f"{each:>10}" for each in (*heads, "memory MB", "used MB", "file MB", "log MB", *ROWS)))


def print_line(seconds, lasted, told, sample):
    """One line: how it went since the last one, and how it is now."""
    memory = "+".join(f"{mb:.0f}" for mb in sample.memory.values())
    figures = (
        f"{seconds:.0f}",
        f"{len(told.acknowledged) / lasted:.0f}",
        *(f"{told.cut(percent):.1f}" for percent in (50, 99, 100)),
        f"{told.refused.total()}",
        f"{sample.backlog:,}",
        f"{sample.oldest:.1f}",
        memory,
        *(f"{size:.1f}" for size in (sample.used, sample.held, sample.log)),
        *(f"{sample.rows[table]:,}" for table in ROWS),
    )
    print(*(f"{each:>10}" for each in figures), flush=True)


def soak(database, rate, options):
    """Send at the rate for the time, and print what is seen; yields what must be true, and whether it is."""
    seconds = options.minutes * 60
    keep = max(4, int(seconds / KEPT_SHARE))
    print(f"\n{name_of(database)}: {rate}/s for {options.minutes:g} minutes; what is done is kept {keep} s")
    with service(database, keep=keep) as (place, _):
        told = Told()
        watcher = Watcher(place, told, options)
        print_heads()
        watcher.start()
        send(place, mixture.list_requests(), rate, seconds, told)
        watcher.end()
        total, worked = watcher.total, work_off(place)
        print(
            f"in all {len(total.acknowledged):,}, {len(total.acknowledged) / seconds:.0f} a second, "
            f"p50 {total.cut(50):.1f} ms, p99 {total.cut(99):.1f} ms, max {total.cut(100):.0f} ms, "
            f"refused {total.refused.total()}; worked off {worked:.1f} s after the end"
        )
        yield from judge(place, watcher.books)
    for name, line in list_trends(watcher.samples) if options.minutes >= LEAST_MINUTES else ():
        yield f"{name}: {line.mean:,.1f}, {line.per_hour:+,.1f} ± {2 * line.error:,.1f} an hour", line.is_flat


def judge(place, books):
    """What must be true of all that was sent."""
    missing = books.compare([])
    yield f"{missing} acknowledged were not stored, {books.doubled} twice", not (missing or books.doubled)
    for table in ("deliveries", "effects"):
        dead = place.inbox.value(f"SELECT count(*) FROM {table} WHERE state = 'dead'")
        yield f"{dead} {table} were given up", not dead


def burst(database, options):
    """Send all as fast as they are taken, until each is acknowledged; yields as `soak` does."""
    requests = dict(list_some(options.burst))
    with service(database) as (place, _):
        told, left, began = Told(), requests, time.perf_counter()
        while left:
            for answer in Sender(place.port, CONNECTIONS).answers(left.items()):
                told.note(answer)
            left = {name: requests[name] for name in left.keys() - set(told.acknowledged)}
        seconds = time.perf_counter() - began
        sample, worked = place.gauges.look(), work_off(place)
        print(
            f"\n{name_of(database)}: a burst of {options.burst:,} was acknowledged in {seconds:.1f} s, "
            f"{options.burst / seconds:,.0f} a second, p50 {told.cut(50):.1f} ms, p99 {told.cut(99):.1f} ms, "
            f"max {told.cut(100):.0f} ms, refused {told.refused.total()}; {sample.backlog:,} waited, and "
            f"were worked off in {worked:.1f} s; memory {sum(place.gauges.look().memory.values()):.0f} MB"
        )
        books = Books(place.inbox)
        books.compare(told.acknowledged)
        yield from judge(place, books)


def print_speed_up(server, options):
    """How long one, two and four workers take for the same backlog, with a board that is far away."""
    print(
        f"\nPostgreSQL: {options.backlog:,} deliveries of all sources, {options.away} ms a call to the board"
    )
    seconds = {workers: time_workers(server, workers, options) for workers in WORKERS}
    for workers, lasted in seconds.items():
        rate = options.backlog / lasted
        print(
            f"  {workers} workers  {lasted:6.1f} s  {rate:6,.0f}/s  {seconds[1] / lasted:4.2f}x", flush=True
        )


def time_workers(server, workers, options):
    """The seconds that so many workers take for a backlog; they are up, and held, while it comes in."""
    with service(server, "web", pace=0) as (place, folder), contextlib.ExitStack() as stack:
        held = [stack.enter_context(worker(folder, options.away)) for _ in range(workers)]
        for each in held:
            os.kill(each.pid, signal.SIGSTOP)
        for answer in Sender(place.port, CONNECTIONS).answers(list_some(options.backlog)):
            answer.check()
        for each in held:
            os.kill(each.pid, signal.SIGCONT)
        return work_off(place)


def worker(folder, away):
    """A worker as a process that runs while the block does."""
    port = free_port()
    return running(trainboard("worker", "--port", port, away=away), port, folder)


def list_some(amount):
    """So many requests."""
    return itertools.islice(mixture.list_requests(), amount)


def name_of(database):
    """Which of the two it is."""
    return "SQLite" if database is None else "PostgreSQL"


def main():
    """Run the wanted parts on each database, and print what must be true and whether it is."""
    options = parse()
    end_with_signals()
    with postgresql_server() as server:
        databases = {"sqlite": None, "postgresql": server}
        chosen = [each for name, each in databases.items() if options.only in {None, name}]
        verdicts = list(run([each for each in chosen if each or options.only != "postgresql"], options))
        if server is not None and "speed-up" in options.parts and options.only != "sqlite":
            print_speed_up(server, options)
    print()
    for said, is_true in verdicts:
        print("good  " if is_true else "NOT SO", said)
    if not all(is_true for _, is_true in verdicts):
        raise SystemExit("not as it must be")


def run(databases, options):
    """The parts that both databases have."""
    for database in databases:
        if "soak" in options.parts:
            rate = options.rate or max(1, int(find_knee(database, options) * options.share))
            yield from soak(database, rate, options)
        if "burst" in options.parts:
            yield from burst(database, options)


def parse():
    """The options, with those that follow from others."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30, help="of the soak")
    parser.add_argument("--rate", type=int, help="of the soak, a second; default: a share of what is kept up")
    parser.add_argument("--share", type=float, default=0.6, help="which share")
    parser.add_argument("--burst", type=int, default=50_000, help="deliveries")
    parser.add_argument("--backlog", type=int, default=5_000, help="deliveries that workers share")
    parser.add_argument("--away", type=int, default=100, help="milliseconds of a call to the board")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--parts", default=PARTS, help="some of these, with commas")
    parser.add_argument(
        "--quick", action="store_true", help="two steps, five seconds, a burst of 200; SQLite"
    )
    options = parser.parse_args()
    options.steps, options.step_seconds, options.look_seconds, options.line_seconds = 8, 10, 5, 60
    if options.quick:
        options.minutes, options.burst, options.only = 1 / 12, 200, "sqlite"
        options.steps, options.step_seconds, options.look_seconds, options.line_seconds = 2, 1, 1, 5
    return options


if __name__ == "__main__":
    main()
