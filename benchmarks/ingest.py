"""Signed GitHub deliveries: how many are acknowledged a second, how fast, and at what cost.

Ours stores each durably before it answers and works on it while more come in; the peers verify,
parse and call a handler that does nothing. Servers and sender share the machine. Every contender is
started anew in every round, and the rounds begin with another one each, because neighbours make
noise: a figure is the median of the rounds, a ratio the median of the ratios within them.
"""

import argparse
import math
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import corpus
import load
from contenders import contenders, peer_environment
from databases import new_database, postgresql_server
from inbox import open_inbox
from processes import cpu_seconds, memory_mb
from server import end_with_signals, free_port, running

FASTEST = 8_000
WARM_SECONDS = 1
BACKLOG_SECONDS = 120
CHECKED = 2_000
RATIOS = {"probot": 1.2, "gidgethub": 1.1, "octokit": 1.0, "flask-githubapp": 4.0}
MOST = {"p99": (15, "ms"), "memory": (70, "MB"), "ready": (0.4, "s")}
COLUMNS = (
    ("acks/s", "rate", "9,.0f"),
    ("p50 ms", "p50", "7.2f"),
    ("p99 ms", "p99", "7.1f"),
    ("1 conn p50", "alone", "10.2f"),
    ("CPU us", "cpu", "7,.0f"),
    ("PSS MB", "memory", "7.0f"),
    ("ready s", "ready", "8.2f"),
)


@dataclass(frozen=True)
class Measured:
    """One contender in one round; latencies in ms, `cpu` in microseconds of the server per request."""

    rate: float
    p50: float
    p99: float
    alone: float
    cpu: float
    memory: float
    ready: float
    backlog: float | None = None


def measure(contender, postgresql, requests, options):
    """Start the contender, warm it up, press it, and ask it over one connection; on a file for no server."""
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as name:
        folder, port = Path(name), free_port()
        database = new_database(postgresql, folder)
        command = contender.command(port, folder, database)
        environment = peer_environment(port) | contender.environment
        with running(command, port=port, folder=folder, environment=environment) as server:
            warm = load.press(port, requests, connections=options.connections, seconds=WARM_SECONDS)
            before = cpu_seconds(server.pid)
            pressed = load.press(
                port, requests, connections=options.connections, seconds=options.seconds, first=warm.sent
            )
            used = cpu_seconds(server.pid) - before
            memory = memory_mb(server.pid)
            backlog = wait_for_backlog(database) if contender.stores else None
            alone = load.press(port, requests, connections=1, seconds=1, first=warm.sent + pressed.sent)
            if contender.stores:
                check(database, port, requests, (warm, pressed, alone))
        return Measured(
            rate=pressed.rate,
            p50=pressed.p50,
            p99=pressed.p99,
            alone=alone.p50,
            cpu=used / pressed.answers * 1e6,
            memory=memory,
            ready=server.ready_seconds,
            backlog=backlog,
        )


def wait_for_backlog(database):
    """The seconds until nothing waits; infinite if that took too long."""
    with open_inbox(database) as inbox:
        seconds = inbox.wait_until_worked_off(BACKLOG_SECONDS)
        return math.inf if seconds is None else seconds


def check(database, port, requests, loads):
    """See that every acknowledged delivery is stored, and stored once; end the program if not."""
    if any(each.rewound for each in loads):
        raise SystemExit(f"more than {FASTEST:,} a second: raise FASTEST, or deliveries are sent twice")
    acknowledged = resend(port, requests, sum(each.sent for each in loads))
    with open_inbox(database) as inbox:
        ids = Counter(inbox.ids())
    answers = sum(each.answers for each in loads) + len(acknowledged)
    lost = [each for each in acknowledged if each not in ids]
    if lost or len(ids) < answers or ids.total() != len(ids):
        raise SystemExit(f"acknowledged {answers:,}, stored {len(ids):,}, lost for sure {len(lost)}")


def resend(port, requests, first):
    """Send some more by a sender that knows which of them are acknowledged; their ids."""
    sender = load.Sender(port, 8)
    some = islice(requests.since(first), CHECKED)
    answers = list(sender.answers(some))
    for answer in answers:
        answer.check()
    return [answer.id for answer in answers]


def run_rounds(chosen, databases, options):
    """What was measured, by contender, one entry a round."""
    measured = {each.name: [] for each in chosen}
    with corpus.folder_in_memory() as folder:
        requests = corpus.write_requests(folder, FASTEST * (WARM_SECONDS + options.seconds + 1) + CHECKED)
        for number in range(options.rounds):
            for place in range(len(chosen)):
                contender = chosen[(place + number) % len(chosen)]
                one = measure(contender, databases[contender.on], requests, options)
                measured[contender.name].append(one)
                progress = f"round {number + 1} of {options.rounds}: {contender.title} {one.rate:,.0f}/s"
                print(progress, file=sys.stderr)
    return measured


def median(rounds, column):
    """The median of the rounds; None where nothing was measured."""
    values = [value for each in rounds if (value := getattr(each, column)) is not None]
    return statistics.median(values) if values else None


def ratio(rounds, others):
    """How many times as many acknowledgements: the median of what each round says."""
    return statistics.median(one.rate / other.rate for one, other in zip(rounds, others, strict=True))


def print_table(chosen, measured):
    """One line for each contender."""
    probot = measured.get("probot")
    width = max(len(each.title) for each in chosen)
    cells = [(title, column, form, form.partition(".")[0].rstrip(",")) for title, column, form in COLUMNS]
    print(" " * width, *(f"{title:>{size}}" for title, _, _, size in cells), f"{'x Probot':>9}")
    for each in chosen:
        rounds = measured[each.name]
        figures = [format(median(rounds, column), form) for _, column, form, _ in cells]
        print(f"{each.title:{width}}", *figures, f"{ratio(rounds, probot):9.2f}" if probot else "")


def list_goals(measured):
    """What ours shall reach, what it reached, and whether that is enough."""
    ours = measured.get("trainboard")
    if not ours:
        return
    for name, least in RATIOS.items():
        if name in measured:
            reached = ratio(ours, measured[name])
            yield f"{reached:.2f} x {name} (goal: at least {least})", reached >= least
    for column, (most, unit) in MOST.items():
        reached = median(ours, column)
        yield f"{column} {reached:.2f} {unit} (goal: at most {most})", reached <= most


def main():
    """Measure all that is installed and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=3, help="of load, in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="names, with commas: " + ", ".join(each.name for each in contenders()))
    parser.add_argument("--own-sender", action="store_true", help="do without wrk")
    parser.add_argument("--quick", action="store_true", help="one round of a second")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 1
    if options.own_sender:
        load.WRK = None
    end_with_signals()
    with postgresql_server() as server:
        chosen = [each for each in choose(options.only) if server is not None or each.on == "SQLite"]
        measured = run_rounds(chosen, {"SQLite": None, "PostgreSQL": server}, options)
    print(
        f"{options.connections} connections, {options.rounds} rounds of {options.seconds} s, "
        f"signed GitHub bodies of 5 to 30 kB, sent by {load.name()}\n"
    )
    print_table(chosen, measured)
    for said, reached in list_goals(measured):
        print("met   " if reached else "MISSED", said)
    print_backlog(measured)


def choose(only):
    """The contenders with these names that are installed; the others are told."""
    wanted = [each for each in contenders() if not only or each.name in only.split(",")]
    for each in wanted:
        if each.lacks:
            print(f"skipped: {each.title} is not installed at {each.lacks}: run make bench-peers")
    return [each for each in wanted if not each.lacks]


def print_backlog(measured):
    """How long ours worked on what it had acknowledged."""
    ours = measured.get("trainboard")
    if ours:
        seconds = median(ours, "backlog")
        said = (
            f"not worked off in {BACKLOG_SECONDS} s" if seconds is None else f"worked off in {seconds:.1f} s"
        )
        print(f"\nevery acknowledged delivery is stored exactly once; the backlog was {said} after the load")


if __name__ == "__main__":
    main()
