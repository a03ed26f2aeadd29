"""A thousand runs of one sweep, as fast as they can be sent: how many writes does the tracker see?"""

import argparse
import base64
import http.client
import json
import sqlite3
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server import free_port, python, running

from trainboard_webhooks import runs

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
SETTINGS = f"""
[server]
log_level = "error"
[[projects]]
name = "churn"
[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{SECRET}"]
experiments = ["churn-*"]
"""


def document(number):
    """The report of one trial."""
    ended = datetime.now(UTC)
    return {
        "source": "ci:acme/churn",
        "experiment": {"name": "churn-sweep"},
        "run": {
            "id": f"trial-{number}",
            "status": "finished",
            "started_at": (ended - timedelta(minutes=1)).isoformat(),
            "ended_at": ended.isoformat(),
            "group": {"id": "sweep-1", "kind": "sweep", "planned": 1000},
        },
        "metrics": {"val_auc": {"value": 0.9 + number / 1e5, "goal": "max"}},
    }


def send(port, count):
    """Report `count` runs over one connection; the seconds that it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    for number in range(count):
        body = json.dumps(document(number)).encode()
        headers = runs.sign(SECRET, "run", body, f"d{number}", time.time()) | {
            "Content-Type": "application/json"
        }
        connection.request("POST", "/webhooks/runs", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 202:
            raise SystemExit(f"answered {answer.status}")
    connection.close()
    return time.perf_counter() - began


def look(folder, question):
    """One value from the service's database."""
    with sqlite3.connect(f"file:{folder}/trainboard.db?mode=ro", uri=True) as connection:
        return connection.execute(question).fetchone()[0]


def main():
    """Send, wait for a minute, and print what the tracker saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.runs = 100
    with tempfile.TemporaryDirectory() as folder:
        config, port = Path(folder) / "trainboard.toml", free_port()
        config.write_text(SETTINGS)
        command = python("-m", "trainboard", "serve", "--config", config, "--port", port)
        with running(command, port=port, folder=folder):
            began = time.perf_counter()
            seconds = send(port, options.runs)
            time.sleep(max(0, 60 - (time.perf_counter() - began)))
            writes = count_writes(port)
            headline = wait_for_all(folder, options.runs)
            settled = time.perf_counter() - began
        items = look(folder, "SELECT count(*) FROM local_items")
        counted = look(folder, "SELECT count(*) FROM runs")
    print(f"{options.runs:,} deliveries of one sweep sent in {seconds:.1f} s")
    print(f"work items                              {items}")
    print(f"writes to the tracker in the first minute {writes}   (limit: 3)")
    print(f"runs counted                            {counted:,}")
    print(f"the item says after {settled:3.0f} s                {headline}")
    if (items, counted) != (1, options.runs) or writes > 3:
        raise SystemExit("not as it must be")


def count_writes(port):
    """How often the experiment's item was written, as the service itself counts."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    wanted = 'trainboard_effects_worked_total{kind="EnsureExperimentItem",outcome="applied"}'
    return int(float(next(line for line in text.splitlines() if line.startswith(wanted)).split()[-1]))


def wait_for_all(folder, count):
    """The headline of the item, as soon as it tells of all runs."""
    for _ in range(90):
        body = look(folder, "SELECT body FROM local_items")
        headline = next(line for line in body.splitlines() if line.startswith("**"))
        if f"{count:,} finished" in headline:
            return headline
        time.sleep(1)
    raise SystemExit(f"the last state was never written: {headline}")


if __name__ == "__main__":
    main()
