"""What a storm of alerts costs the tracker, and how soon its messages are acknowledged.

Recorded traffic of real Alertmanagers, and what is made from it, is replayed at the pace of an Alertmanager's
defaults. Calls to the tracker are counted over the whole life of the bugs, until all are closed. The
acknowledgement of a body with 200 alerts is timed beside that of a route that only reads the same body.
"""

import argparse
import json
import sys
import tempfile
import uuid
from pathlib import Path

import load
from contenders import CONFIG, HERE
from corpus import Requests
from databases import new_database
from server import end_with_signals, free_port, python, running

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from fakes.alert_traces import DOOR, Replay, cut, each_for_itself, joining, read_trace
from trainboard import logs

STORM_PROBLEMS = 5
ONE_GROUP, MANY_GROUPS = 3, STORM_PROBLEMS + 5
SECRET = "a-secret-of-alertmanager"
PEERS = ("m-lab", "pfnet", "AM-Jira", "alert-az-do")
"""m-lab/alertmanager-github-receiver, pfnet/alertmanager-to-github and two of their kind for Jira and Azure
DevOps, ported and simulated over the same recordings: calls / bugs, with bugs that stayed open."""

TRACES = (
    ("200 alerts, 1 group", "storm200_one_group", ONE_GROUP, ("6 / 1", "13 / 1", "10 / 1", "11 / 1")),
    (
        "200 alerts, 7 groups",
        "storm200_by_service",
        MANY_GROUPS,
        ("42 / 7, 6 open", "91 / 7", "70 / 7", "77 / 7"),
    ),
    (
        "200 alerts, 200 groups at once",
        "at once",
        MANY_GROUPS,
        ("3,407 / 200", "2,003 / 200", "1,602 / 200", "1,603 / 200"),
    ),
    (
        "200 alerts, a group every 0.3 s",
        "one by one",
        MANY_GROUPS,
        ("615 / 15, 14 open", "1,400 / 200", "1,200 / 200", "1,000 / 200"),
    ),
    ("200 alerts join a group in a minute", "joining", None, ("15 / 1", "40 / 1", "28 / 1", "38 / 1")),
    ("max_alerts = 10", "cut", ONE_GROUP, ("closed falsely",) * 4),
    ("partial resolve, fires again", "basic_lifecycle", None, ("11 / 2", "24 / 1", "20 / 1", "20 / 1")),
    ("comes and goes", "flapping", None, ("7 / 1", "16 / 1", "12 / 1", "14 / 1")),
    (
        "the route is edited",
        "route_change_groupkey",
        ONE_GROUP,
        ("5 / 1", "10 / 2, 1 open", "8 / 2, 1 open", "8 / 1"),
    ),
    ("silenced, then over", "silenced_then_resolved", None, ("left open",) * 4),
)
SETTINGS = """
[server]
log_level = "error"
database = "{database}"
[[projects]]
name = "churn"
tracker = "local"
[[sources]]
kind = "alertmanager"
name = "prod"
project = "churn"
secrets = ["{secret}"]
"""


def main():
    """Print both tables, and end with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one order of chance, and a second of load")
    parser.add_argument("--orders", type=int, default=5, help="orders of chance of 200 groups")
    parser.add_argument("--seconds", type=int, default=5, help="seconds of load for each server")
    options = parser.parse_args()
    end_with_signals()
    logs.configure("console", "error")
    missed = replay_all(1 if options.quick else options.orders)
    print()
    press_both(1 if options.quick else options.seconds)
    raise SystemExit(missed > 0)


def replay_all(orders):
    """A row for each trace; answers how many missed their goal."""
    print_row("trace", "calls", "searches", "bugs", "open at the end", "false closes", "goal", *PEERS)
    missed = 0
    for title, name, goal, peers in TRACES:
        for deliveries, truth in list_variants(name, orders):
            calls, searches, states, false_closes = replay(deliveries, truth)
            still = states.count("open")
            is_met = (goal is None or calls <= goal) and not (searches or still or false_closes)
            missed += not is_met
            told = f"{'' if goal is None else f'at most {goal}: '}{'met' if is_met else 'MISSED'}"
            print_row(title, calls, searches, len(states), still, false_closes, told, *peers)
    return missed


def list_variants(name, orders):
    """What is sent, and what would have been sent if nothing were cut off."""
    made = {
        "at once": lambda: [each_for_itself(seed) for seed in range(orders)],
        "one by one": lambda: [each_for_itself(0, every=0.3)],
        "joining": lambda: [joining()],
    }
    if name == "cut":
        return [(cut("storm200_one_group"), read_trace("storm200_one_group"))]
    return [(each, each) for each in (made[name]() if name in made else [read_trace(name)])]


def replay(deliveries, truth):
    """Calls, searches, the bugs' states, and how often a bug closed while all of it fired."""
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as folder:
        replayed = Replay(f"sqlite:///{folder}/trainboard.db")
        try:
            replayed.plays(deliveries, truth)
            replayed.goes_by(hours=14)
            return *replayed.count(), replayed.states(), replayed.false_closes
        finally:
            replayed.close()


def press_both(seconds):
    """Acknowledgements of a body with 200 alerts, beside a route that only reads it."""
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as name:
        folder = Path(name)
        requests = write_requests(folder, 400 * seconds)
        print_row("200 alerts a body", "acks/s", "p50 ms", "p99 ms")
        route = python(HERE / "peers" / "bare_flask.py")
        bare = press(["bare Flask route", route], folder, requests, seconds)
        (folder / CONFIG).write_text(SETTINGS.format(database=new_database(None, folder), secret=SECRET))
        serve = python("-m", "trainboard", "serve", "--config", CONFIG, "--port")
        ours = press(["Trainboard, durable", serve], folder, requests, seconds)
        print(f"p99: {ours.p99 / bare.p99:.1f} x the bare route; goal: under 50 ms")


def press(contender, folder, requests, seconds):
    """Start it, press it over four connections, and print its row."""
    title, command = contender
    port = free_port()
    command = [*command, port] if command[-1] == "--port" else command
    environment = {"PEER_PORT": str(port), "PEER_DOOR": DOOR}
    with running(command, port, folder, environment) as server:
        found = load.press(server.port, requests, connections=4, seconds=seconds)
    print_row(title, f"{found.rate:,.0f}", f"{found.p50:.1f}", f"{found.p99:.1f}")
    return found


def write_requests(folder, most):
    """Bodies of 200 alerts, each with a start of its own, so that none is a repetition."""
    (_, body), *_ = read_trace("storm200_one_group")
    file = folder / "requests"
    with file.open("wb") as output:
        lengths = [output.write(request(body)) for _ in range(most)]
    file.with_suffix(".lengths").write_text("\n".join(map(str, lengths)))
    return Requests(file, tuple(lengths))


def request(body):
    """A request as an Alertmanager posts it."""
    told = json.dumps(body | {"groupKey": uuid.uuid4().hex}).encode()
    head = (
        f"POST {DOOR} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {SECRET}\r\nContent-Length: {len(told)}\r\n\r\n"
    )
    return head.encode() + told


def print_row(*cells):
    """A row of a table in Markdown."""
    print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
