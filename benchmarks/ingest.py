"""How many signed GitHub deliveries a second are stored durably and acknowledged, and how fast.

Both servers are granian with eight threads; the bodies are the examples that GitHub's own clients are
tested with. The sender is a process of its own on the same machine and takes its share of it.
"""

import argparse
import gzip
import hashlib
import hmac
import http.client
import itertools
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

from server import free_port, python, running

SECRET = b"benchmark"
NUMBERS = itertools.count()
HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "tests" / "data" / "octokit_webhooks_examples.json.gz"
SETTINGS = """
[server]
log_level = "error"
[github]
webhook_secrets = ["benchmark"]
"""


def deliveries():
    """Event, body and signature of every example between 5 and 30 kB."""
    examples = json.loads(gzip.decompress(EXAMPLES.read_bytes()))
    bodies = [(event, json.dumps(payload).encode()) for event, payload in examples]
    return [
        (event, body, "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest())
        for event, body in bodies
        if 5_000 <= len(body) <= 30_000 and event != "ping"
    ]


def load(port, connections, seconds):
    """Send from several connections until the time is over; every answer's time in milliseconds."""
    prepared = deliveries()
    times, wrong, lock = [], [], threading.Lock()
    deadline = time.perf_counter() + seconds

    def send():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        mine = []
        while time.perf_counter() < deadline:
            number = next(NUMBERS)
            event, body, signature = prepared[number % len(prepared)]
            headers = {
                "Content-Type": "application/json",
                "X-GitHub-Event": event,
                "X-GitHub-Delivery": f"{port}-{number}",
                "X-Hub-Signature-256": signature,
            }
            began = time.perf_counter()
            connection.request("POST", "/webhooks/github", body, headers)
            answer = connection.getresponse()
            answer.read()
            mine.append((time.perf_counter() - began) * 1000)
            if answer.status != 202:
                wrong.append(answer.status)
        connection.close()
        with lock:
            times.extend(mine)

    threads = [threading.Thread(target=send) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{len(wrong)} answers were not 202: {set(wrong)}")
    return times


def measure(name, command, port, folder, options):
    """One row of the table."""
    with running(command, port=port, folder=folder):
        load(port, options.connections, min(1, options.seconds))
        began = time.perf_counter()
        times = load(port, options.connections, options.seconds)
        rate = len(times) / (time.perf_counter() - began)
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:34} {rate:9,.0f} {cuts[49]:8.1f} {cuts[98]:8.1f}")
    return rate


def main():
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.seconds = 2
    print(f"{options.connections} connections, {options.seconds:.0f} s, signed GitHub bodies of 5 to 30 kB\n")
    print(f"{'':34} {'acks/s':>9} {'p50 ms':>8} {'p99 ms':>8}")
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        bare = measure(
            "bare Flask route, nothing stored", python(HERE / "bare_flask.py", port), port, HERE, options
        )
        config, port = Path(folder) / "trainboard.toml", free_port()
        config.write_text(SETTINGS)
        command = python("-m", "trainboard", "serve", "--config", config, "--port", port)
        ours = measure("trainboard, stored durably", command, port, folder, options)
    print(f"\nratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
