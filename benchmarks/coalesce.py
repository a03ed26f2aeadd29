"""A thousand runs of one sweep, as fast as they can be sent: how many writes does the tracker see?

The item is edited every two seconds at most, far oftener than by default, so that there are chances
for too many writes and the program ends soon.
"""

import argparse
import base64
import json
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inbox import open_inbox
from load import Sender
from server import end_with_signals, free_port, python, running

from trainboard_webhooks import runs

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
SENDERS = 4
MOST_WRITES = 6
SETTLE_SECONDS = 120
WRITES = 'trainboard_effects_worked_total{kind="EnsureExperimentItem",outcome="applied"}'
SETTINGS = f"""
[server]
log_level = "error"
[engine]
edit_interval_seconds = 2
[[projects]]
name = "churn"
[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{SECRET}"]
experiments = ["churn-*"]
"""


def document(number, count):
    """The report of one trial of so many."""
    ended = datetime.now(UTC)
    return {
        "source": "ci:acme/churn",
        "experiment": {"name": "churn-sweep"},
        "run": {
            "id": f"trial-{number}",
            "status": "finished",
            "started_at": (ended - timedelta(minutes=1)).isoformat(),
            "ended_at": ended.isoformat(),
            "group": {"id": "sweep-1", "kind": "sweep", "planned": count},
        },
        "metrics": {"val_auc": {"value": 0.9 + number / 1e5, "goal": "max"}},
    }


def request(number, count):
    """Id and bytes of the request that reports a trial."""
    name = f"trial-{number}"
    body = json.dumps(document(number, count)).encode()
    headers = runs.sign(SECRET, "run", body, name, time.time())
    lines = [f"{header}: {value}" for header, value in headers.items()]
    head = "\r\n".join(
        ["POST /webhooks/runs HTTP/1.1", "Host: 127.0.0.1", *lines, f"Content-Length: {len(body)}"]
    )
    return name, f"{head}\r\n\r\n".encode() + body


def send(port, count):
    """Report the runs; the seconds that it took."""
    began = time.perf_counter()
    for answer in Sender(port, SENDERS).answers(request(number, count) for number in range(count)):
        answer.check()
    return time.perf_counter() - began


def count_writes(port):
    """How often the experiment's item was written, as the service itself counts."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return int(float(next(line for line in lines if line.startswith(WRITES)).split()[-1]))


def main():
    """Send, wait until nothing is left to do, and print what the tracker saw."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--quick", action="store_true", help="a hundred runs")
    options = parser.parse_args()
    if options.quick:
        options.runs = 100
    end_with_signals()
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as folder:
        config, port = Path(folder) / "trainboard.toml", free_port()
        config.write_text(SETTINGS)
        command = python("-m", "trainboard", "serve", "--config", config, "--port", port)
        with running(command, port, folder), open_inbox(f"sqlite:///{folder}/trainboard.db") as inbox:
            seconds = send(port, options.runs)
            settled = inbox.wait_until_worked_off(SETTLE_SECONDS)
            writes = count_writes(port)
            items = inbox.value("SELECT count(*) FROM local_items")
            counted = inbox.value("SELECT count(*) FROM runs")
            body = inbox.value("SELECT body FROM local_items")
    if settled is None:
        raise SystemExit(f"not settled within {SETTLE_SECONDS} s")
    headline = next(line for line in body.splitlines() if line.startswith("**"))
    print(f"{options.runs:,} deliveries of one sweep sent in {seconds:.1f} s, settled {settled:.1f} s later")
    print(f"work items            {items}")
    print(f"writes to the tracker {writes}   (goal: at most {MOST_WRITES})")
    print(f"runs counted          {counted:,}")
    print(f"the item says         {headline}")
    told_of_all = f"{options.runs:,} finished" in headline
    if (items, counted, told_of_all) != (1, options.runs, True) or writes > MOST_WRITES:
        raise SystemExit("not as it must be")


if __name__ == "__main__":
    main()
