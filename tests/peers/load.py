"""Senders that do not stop: each sends one run report after the other, and remembers what it was told."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import requests

from fakes.conversation import RUNS_SECRET, run
from peers.service import TAKES_RUNS, Service
from trainboard_webhooks import runs

SETTINGS = f"""
dashboard = "public"
log_level = "error"
[engine]
edit_interval_seconds = 1
{TAKES_RUNS}experiments = ["churn-*"]
"""
SENDERS = 4
PAUSE_SECONDS = 0.01


@dataclass
class Load:
    """What the senders were told so far: the ids that were acknowledged, and how many answers of each status.

    A connection that was refused or broken counts as status 0.
    """

    acknowledged: set[str] = field(default_factory=set)
    answers: Counter = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def send(self, url: str, sender: int) -> None:
        """One sender's work: a delivery that was not acknowledged is sent again."""
        for number in range(100_000):
            delivery = f"{sender}-{number}"
            while delivery not in self.acknowledged:
                self.note(delivery, self.post(url, delivery))
                if self.stop.wait(PAUSE_SECONDS):
                    return

    def note(self, delivery: str, status: int) -> None:
        """Remember an answer."""
        self.answers[status] += 1
        if status in {200, 202}:
            self.acknowledged.add(delivery)

    def post(self, url: str, delivery: str) -> int:
        """Send one delivery; the answer's status."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        document = run(f"run-{delivery}", f"churn-{delivery[-1]}", run={"started_at": now, "ended_at": now})
        body = json.dumps(document).encode()
        headers = runs.sign(RUNS_SECRET, "run", body, delivery, time.time())
        headers |= {"Content-Type": "application/json"}
        with suppress(requests.ConnectionError):
            return requests.post(url, data=body, headers=headers, timeout=30).status_code
        return 0


@contextmanager
def sending(service: Service) -> Iterator[Load]:
    """Senders work while the block runs."""
    load = Load()
    url = f"{service.url}/webhooks/runs"
    threads = [threading.Thread(target=load.send, args=(url, sender)) for sender in range(SENDERS)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join()
