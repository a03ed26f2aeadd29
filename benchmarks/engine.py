"""Jobs a second with an entity each, what a killed worker leaves behind, and what more workers bring.

A job stands for one delivery with its real body, and does nothing but note that it began and ended.
Ours is also parsed and reacted to, which is what makes the job of a delivery. All use the databases'
full durability. Figures are medians of rounds.
"""

import argparse
import contextlib
import itertools
import math
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import joblog
from databases import new_database, postgresql_server
from engines import carriers, watching
from processes import cpu_seconds
from server import end_with_signals

JOB_SECONDS = 0.02
KILLED_JOBS, KILLED_ENTITIES = 600, 50
KILLS = 4
KILL_AFTER_SECONDS = 0.4
DRAIN_SECONDS, PATIENCE_SECONDS, BEGIN_SECONDS = 180, 30, 30
TAKE_OVER_SECONDS = 10
WORKERS = (1, 2, 4)
PARTS = "speed,kills,take-over,speed-up"
LEAST = {"SQLite": 8.0, "PostgreSQL": 6.0}


@dataclass(frozen=True)
class Speed:
    """Jobs stored and done a second, and processor time of the workers per job in milliseconds."""

    stored: float
    done: float
    cpu: float


@dataclass(frozen=True)
class Scene:
    """A filled database, a folder for notes, and who carries the jobs."""

    carrier: object
    url: str
    folder: Path
    watch: object
    stored: float
    workers: list

    def notes(self):
        """What the jobs noted so far."""
        return joblog.read_notes(self.folder / "jobs.log")

    def start(self, name, seconds):
        """Another worker; it ends with the scene at the latest."""
        worker = self.carrier.start(self.url, self.folder, name, seconds)
        self.workers.append(worker)
        return worker

    def open_gate(self, workers):
        """Let the workers begin together, as soon as all of them are ready."""
        self._wait_for(lambda notes: len({note.pid for note in notes if note.what == "ready"}) >= workers)
        (self.folder / "gate").touch()

    def wait_for_work(self, worker=None):
        """The process, this one or any, of the first job that began; None if none does."""
        begun = []

        def is_begun(notes):
            begun.extend(note.pid for note in notes if note.what == "began")
            return bool(begun) if worker is None else worker.pid in begun

        return begun[0] if self._wait_for(is_begun) else None

    def _wait_for(self, seen):
        end = time.monotonic() + BEGIN_SECONDS
        while time.monotonic() < end:
            if seen(self.notes()):
                return True
            time.sleep(0.005)
        return False


@contextlib.contextmanager
def scene(carrier, server, amount, entities):
    """A database with so many jobs of so many entities in it."""
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as name:
        url = new_database(server, name)
        stored = carrier.fill(url, amount, entities)
        with watching(carrier, url) as watch:
            it = Scene(carrier, url, Path(name), watch, stored, [])
            try:
                yield it
            finally:
                for worker in it.workers:
                    worker.kill()


def measure_speed(carrier, server, jobs, *, workers=1, seconds=0.0):
    """How fast so many workers do so many jobs, of an entity each."""
    with scene(carrier, server, jobs, jobs) as it:
        running = [it.start(f"worker-{number}", seconds) for number in range(workers)]
        it.open_gate(workers)
        it.wait_for_work()
        before = sum(cpu_seconds(worker.pid) for worker in running)
        end = it.watch.wait(jobs, seconds=DRAIN_SECONDS, patience=PATIENCE_SECONDS)
        used = sum(cpu_seconds(worker.pid) for worker in running) - before
        began = next((note.at for note in it.notes() if note.what == "began"), None)
        return Speed(it.stored, jobs / (end - began) if end and began else 0.0, used / jobs * 1000)


def kill_and_restart(carrier, server):
    """Kill the only worker a few times in mid-work: one value for each column."""
    with scene(carrier, server, KILLED_JOBS, KILLED_ENTITIES) as it:
        in_flight = 0
        for _ in range(KILLS):
            worker = it.start("worker", JOB_SECONDS)
            it.open_gate(1)
            it.wait_for_work(worker)
            in_flight += len(kill_in_work(it, worker)[0])
        it.start("worker", JOB_SECONDS)
        it.watch.wait(KILLED_JOBS, seconds=DRAIN_SECONDS, patience=PATIENCE_SECONDS)
        notes = it.notes()
        return {
            "lost": KILLED_JOBS - len(it.watch.finished()),
            "repeated": joblog.repeated(notes),
            "in flight": in_flight,
            "inversions": joblog.inversions(notes, KILLED_ENTITIES),
        }


def kill_in_work(it, worker):
    """Kill the worker when it has worked for a moment; the jobs that it had in hand, and when."""
    time.sleep(KILL_AFTER_SECONDS)
    worker.kill()
    killed = time.monotonic()
    begun = {note.number for note in it.notes() if note.pid == worker.pid and note.what == "began"}
    return begun - it.watch.finished(), killed


def take_over(carrier, server):
    """Kill the quicker of two workers for good: one value for each column."""
    with scene(carrier, server, KILLED_JOBS, KILLED_ENTITIES) as it:
        workers = [it.start(name, JOB_SECONDS) for name in ("one", "other")]
        it.open_gate(2)
        quicker = it.wait_for_work()
        if quicker is None:
            raise SystemExit(f"no job of {carrier.title} began")
        victim = next(worker for worker in workers if worker.pid == quicker)
        orphans, killed = kill_in_work(it, victim)
        it.watch.wait(KILLED_JOBS, seconds=DRAIN_SECONDS, patience=PATIENCE_SECONDS)
        notes = it.notes()
        later = joblog.ended([note for note in notes if note.pid != victim.pid])
        lost = KILLED_JOBS - len(it.watch.finished())
        waits = [later.get(number, math.inf) - killed for number in orphans]
        return {
            "lost": lost,
            "orphans": len(orphans),
            "inversions": joblog.inversions(notes, KILLED_ENTITIES),
            "taken over s": math.inf if lost else round(max(waits, default=0.0), 1),
        }


class Table:
    """Rows of figures, printed as they come."""

    def __init__(self, title, columns):
        print(f"\n{title}\n")
        self._columns = columns
        print(f"{'':46}", *(f"{name:>12}" for name in columns))

    def add(self, carrier, figures, title=None):
        """One line."""
        name = f"{carrier.on}: {title or carrier.title}"
        print(f"{name:46}", *(f"{figures[column]:>12}" for column in self._columns), flush=True)


def print_speed(chosen, servers, options):
    """Jobs stored and done, and how many times DBOS's that is."""
    title = f"{options.jobs:,} jobs of an entity each, {options.rounds} rounds"
    table = Table(title, ("stored/s", "jobs/s", "CPU ms/job", "x DBOS"))
    speeds = measure_speeds(chosen, servers, options)
    dbos = {carrier.on: speeds[carrier] for carrier in chosen if carrier.name == "dbos"}
    for carrier in chosen:
        pairs = zip(speeds[carrier], dbos.get(carrier.on, ()), strict=False)
        ratios = [one.done / other.done for one, other in pairs if other.done]
        ratio = statistics.median(ratios) if ratios else None
        table.add(carrier, summarize(speeds[carrier], ratio))
        if carrier.name == "trainboard" and ratio is not None:
            least = LEAST[carrier.on]
            yield f"{ratio:.1f} x DBOS on {carrier.on} (goal: at least {least})", ratio >= least


def measure_speeds(chosen, servers, options):
    """The speeds of each, one for a round; another one begins each round."""
    speeds = {carrier: [] for carrier in chosen}
    for number in range(options.rounds):
        first = number % len(chosen)
        for carrier in chosen[first:] + chosen[:first]:
            speed = measure_speed(carrier, servers[carrier.on], options.jobs)
            speeds[carrier].append(speed)
            print(f"round {number + 1}: {carrier.on} {carrier.title}: {speed.done:,.0f}/s", file=sys.stderr)
    return speeds


def summarize(speeds, ratio):
    """The medians as text."""
    return {
        "stored/s": f"{statistics.median(each.stored for each in speeds):,.0f}",
        "jobs/s": f"{statistics.median(each.done for each in speeds):,.0f}",
        "CPU ms/job": f"{statistics.median(each.cpu for each in speeds):.2f}",
        "x DBOS": "" if ratio is None else f"{ratio:.1f}",
    }


def print_kills(chosen, servers):
    """What a worker leaves behind that is killed and started again."""
    what = f"{KILLED_JOBS} jobs of {JOB_SECONDS * 1000:.0f} ms, {KILLED_ENTITIES} entities"
    table = Table(f"{what}, {KILLS} x kill -9 and restart", ("lost", "repeated", "in flight", "inversions"))
    for carrier in chosen:
        found = kill_and_restart(carrier, servers[carrier.on])
        table.add(carrier, found)
        if carrier.name == "trainboard":
            few = found["repeated"] <= found["in flight"]
            good = few and not found["lost"] and not found["inversions"]
            yield f"{carrier.title} on {carrier.on}: none lost or inverted, repeated <= in flight", good


def print_take_over(chosen, servers):
    """What one of two workers leaves behind that is killed for good. Ours on SQLite is one process."""
    title = f"the same, one of two workers killed for good; given up after {PATIENCE_SECONDS} s without a job"
    table = Table(title, ("lost", "orphans", "inversions", "taken over s"))
    for carrier in chosen:
        if carrier.on == "SQLite" and carrier.name == "trainboard":
            continue
        found = take_over(carrier, servers[carrier.on])
        table.add(carrier, found)
        if carrier.name == "trainboard":
            seconds = found["taken over s"]
            good = not found["lost"] and not found["inversions"] and seconds <= TAKE_OVER_SECONDS
            yield f"{carrier.title}: taken over after {seconds} s (goal: {TAKE_OVER_SECONDS} s)", good


def print_speed_up(chosen, servers, options):
    """What more worker processes bring on PostgreSQL: jobs a second, and how many times one worker's."""
    jobs = options.jobs * max(WORKERS)
    table = Table(f"{jobs:,} jobs of an entity each, by the number of worker processes", WORKERS)
    ours = [carrier for carrier in chosen if carrier.name == "trainboard" and carrier.on == "PostgreSQL"]
    for carrier, seconds in itertools.product(ours, (0.0, JOB_SECONDS)):
        server = servers[carrier.on]
        done = {
            workers: measure_speed(carrier, server, jobs, workers=workers, seconds=seconds).done
            for workers in WORKERS
        }
        figures = {workers: f"{speed:,.0f} {speed / done[1]:.1f}x" for workers, speed in done.items()}
        table.add(carrier, figures, f"{carrier.title}, {seconds * 1000:.0f} ms a job")


def main():
    """Print the four tables and the goals."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="trainboard, dbos, procrastinate: some of them, with commas")
    parser.add_argument("--on", choices=("SQLite", "PostgreSQL"))
    parser.add_argument("--parts", default=PARTS, help="some of these, with commas")
    parser.add_argument("--quick", action="store_true", help="one round of 200 jobs, nobody killed")
    options = parser.parse_args()
    if options.quick:
        options.jobs, options.rounds, options.parts = 200, 1, "speed"
    end_with_signals()
    with postgresql_server() as server:
        servers = {"SQLite": None, "PostgreSQL": server}
        goals = list(run(choose(options, server), servers, options))
    print()
    for said, reached in goals:
        print("met   " if reached else "MISSED", said)


def choose(options, server):
    """The carriers that are wanted and installed; the others are told."""
    chosen = []
    for carrier in carriers():
        named = not options.only or carrier.name in options.only.split(",")
        if not named or options.on not in {None, carrier.on}:
            continue
        if not carrier.is_installed:
            print(f"skipped: {carrier.title} is not installed at {carrier.python}: run make bench-peers")
        elif server is not None or carrier.on == "SQLite":
            chosen.append(carrier)
    return chosen


def run(chosen, servers, options):
    """The wanted tables; yields goals and whether they are reached."""
    parts = options.parts.split(",")
    if "speed" in parts:
        yield from print_speed(chosen, servers, options)
    if "kills" in parts:
        yield from print_kills(chosen, servers)
    if "take-over" in parts:
        yield from print_take_over(chosen, servers)
    if "speed-up" in parts:
        print_speed_up(chosen, servers, options)


if __name__ == "__main__":
    main()
