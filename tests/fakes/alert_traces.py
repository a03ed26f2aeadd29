"""What real Alertmanagers sent, and what is made from it; and a bot to which it is replayed.

A delivery is the second at which it was sent and its body. Recorded ones were sent sixty times as fast as an
Alertmanager's defaults would.
"""

import gzip
import json
import random
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

from fakes.alerts import AlertTalk
from trainboard.work_items import WorkItemChange

TRACES = Path(__file__).parents[1] / "data" / "alertmanager"
RECORDED_FASTER = 60
STEP_SECONDS = 30
DOOR = "/webhooks/alertmanager/prod"
Delivered = tuple[float, dict]


@cache
def read_trace(name: str) -> tuple[Delivered, ...]:
    """The deliveries of a recording, at the pace of the defaults."""
    with gzip.open(TRACES / f"{name}.jsonl.gz") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple((row["t"] * RECORDED_FASTER, row["body"]) for row in rows)


def each_for_itself(seed: int, every: float = 0.0) -> list[Delivered]:
    """The 200 alerts of the recording as 200 groups, in an order of chance, one `every` so many seconds.

    All are told again after ten minutes, and to be resolved after twenty.
    """
    (_, first), *_ = read_trace("storm200_one_group")
    alerts = list(first["alerts"])
    random.Random(seed).shuffle(alerts)
    told = []
    for beginning, status in ((0, "firing"), (600, "firing"), (1200, "resolved")):
        for place, alert in enumerate(alerts):
            one = alert | {"status": status, "endsAt": _ending(alert, status)}
            labels = {name: alert["labels"][name] for name in sorted(alert["labels"])}
            group = {"groupKey": f"{{}}:{labels}", "groupLabels": labels, "status": status, "alerts": [one]}
            told.append((beginning + place * every, first | group))
    return sorted(told, key=lambda each: each[0])


def joining(seconds: float = 60) -> list[Delivered]:
    """The 200 alerts join one group within that time; at last all are resolved."""
    (_, first), *_ = read_trace("storm200_one_group")
    alerts, steps = first["alerts"], 13
    told = [
        (seconds * step / steps, first | {"alerts": alerts[: len(alerts) * (step + 1) // steps]})
        for step in range(steps)
    ]
    over = [alert | {"status": "resolved", "endsAt": _ending(alert, "resolved")} for alert in alerts]
    return [*told, (seconds + 600, first | {"status": "resolved", "alerts": over})]


def cut(name: str, most: int = 10) -> list[Delivered]:
    """A recording as an Alertmanager with `max_alerts` sends it: the status is that of what is left."""
    told = []
    for at, body in read_trace(name):
        left = sorted(body["alerts"], key=lambda alert: alert["status"] == "firing")[:most]
        status = "firing" if any(alert["status"] == "firing" for alert in left) else "resolved"
        lost = len(body["alerts"]) - len(left)
        told.append((at, body | {"alerts": left, "status": status, "truncatedAlerts": lost}))
    return told


def _ending(alert: dict, status: str) -> str:
    return alert["startsAt"] if status == "resolved" else "0001-01-01T00:00:00Z"


class CountedTracker:
    """A tracker that counts what it is asked of work items and their comments."""

    def __init__(self, tracker) -> None:
        self._tracker = tracker
        self.calls: list[str] = []
        self.closed = 0

    def __getattr__(self, name):
        member = getattr(self._tracker, name)
        if not name.endswith(("item", "items", "comment", "comments")):
            return member

        def counted(*args, **more):
            self.calls.append(name)
            self.closed += any(isinstance(each, WorkItemChange) and each.state == "closed" for each in args)
            return member(*args, **more)

        return counted


class Replay:
    """A bot that gets deliveries replayed. `false_closes` counts bugs that closed while something fired."""

    def __init__(self, database_url: str) -> None:
        self.talk = AlertTalk(database_url)
        self._own = self.talk.bot.outside.trackers["churn"]
        self.tracker = CountedTracker(self._own)
        self.talk.bot.outside.trackers["churn"] = self.tracker
        self.false_closes = 0
        self._firing: set[str] = set()

    def close(self) -> None:
        """End the bot."""
        self.talk.close()

    def plays(self, deliveries, truth=None, **changes) -> None:
        """Send them with `changes` in their bodies; the bot's clock keeps the pace.

        `truth` are the deliveries without what was cut off, by which it is known what fires.
        """
        began = self.talk.clock()
        for (seconds, body), (_, whole) in zip(deliveries, truth or deliveries, strict=True):
            self._passes(began + timedelta(seconds=seconds))
            self._learn(whole)
            answer = self.talk.http.post(
                DOOR,
                data=json.dumps(body | changes).encode(),
                headers={"Authorization": "Bearer s3cret"},
                content_type="application/json",
            )
            assert answer.status_code in {200, 202}
            self._watch(self.talk.settle)

    def goes_by(self, **time: float) -> None:
        """Time in which nothing is told."""
        end = self.talk.clock() + timedelta(**time)
        while self.talk.clock() < end:
            self._watch(lambda: self.talk.forward(minutes=5))

    def states(self) -> list[str]:
        """The state of each bug; that is not counted."""
        tracker, self.talk.bot.outside.trackers["churn"] = self.tracker, self._own
        found = [state for state, _ in self.talk.bugs()]
        self.talk.bot.outside.trackers["churn"] = tracker
        return found

    def count(self) -> tuple[int, int]:
        """Calls, and searches among them."""
        return len(self.tracker.calls), self.tracker.calls.count("list_items")

    def _passes(self, at) -> None:
        while (left := (at - self.talk.clock()).total_seconds()) > 0:
            self._watch(lambda: self.talk.forward(seconds=min(STEP_SECONDS, left)))

    def _learn(self, body: dict) -> None:
        for alert in body["alerts"]:
            name = alert["fingerprint"]
            (self._firing.add if alert["status"] == "firing" else self._firing.discard)(name)

    def _watch(self, act) -> None:
        before = self.tracker.closed
        act()
        if self.tracker.closed > before and self._firing and "open" not in self.states():
            self.false_closes += 1


def list_orders(seeds: int) -> Iterator[list[Delivered]]:
    """200 groups at once, in so many orders."""
    yield from (each_for_itself(seed) for seed in range(seeds))
