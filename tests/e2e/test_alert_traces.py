"""What real Alertmanagers sent, replayed by HTTP at the pace of their defaults."""

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.alerts import AlertTalk

TRACES = Path(__file__).parents[1] / "data" / "alertmanager"
RECORDED_FASTER = 60
"""The senders' timings were a sixtieth of the defaults."""


class CountedTracker:
    """A tracker that counts what it is asked of work items and their comments."""

    def __init__(self, tracker):
        self._tracker = tracker
        self.calls = []

    def __getattr__(self, name):
        member = getattr(self._tracker, name)
        if not name.endswith(("item", "items", "comment", "comments")):
            return member

        def counted(*args, **more):
            self.calls.append(name)
            return member(*args, **more)

        return counted


@pytest.fixture
def talk(tmp_path):
    """A bot with an Alertmanager, and a tracker that counts."""
    talk = AlertTalk(f"sqlite:///{tmp_path}/t.db")
    talk.tracker = CountedTracker(talk.bot.outside.trackers["churn"])
    talk.bot.outside.trackers["churn"] = talk.tracker
    yield talk
    talk.close()


def replay(talk, name, **changes):
    """Send a trace with `changes` in its bodies; the clock of the bot keeps the sender's pace."""
    with gzip.open(TRACES / f"{name}.jsonl.gz") as lines:
        rows = [json.loads(line) for line in lines]
    began = talk.clock()
    for row in rows:
        at = began + timedelta(seconds=row["t"] * RECORDED_FASTER)
        while talk.clock() < at:
            talk.forward(seconds=min(30, (at - talk.clock()).total_seconds()))
        answer = talk.http.post(
            "/webhooks/alertmanager/prod",
            data=json.dumps(row["body"] | changes).encode(),
            headers={"Authorization": "Bearer s3cret"},
            content_type="application/json",
        )
        assert answer.status_code in {200, 202}
        talk.settle()


def goes_by(talk, **time):
    """Time in which nothing is told."""
    end = talk.clock() + timedelta(**time)
    while talk.clock() < end:
        talk.forward(minutes=5)


@pytest.mark.parametrize(
    ("name", "bugs", "most_calls"),
    [
        ("basic_lifecycle", 1, 12),
        ("route_change_groupkey", 1, 3),
        ("storm200_one_group", 1, 5),
        ("storm200_by_service", 2, 14),
    ],
)
def test_each_problem_is_one_bug_that_closes(talk, name, bugs, most_calls):
    """However it is told, with few calls in the whole life of its bug and none to look for it."""
    replay(talk, name)
    goes_by(talk, hours=2)
    calls = list(talk.tracker.calls)
    assert ["closed"] * bugs == [state for state, _ in talk.bugs()]
    assert "list_items" not in calls
    assert len(calls) <= most_calls, calls


def test_what_was_cut_closes_nothing(talk):
    """A message that leaves alerts out says that all is resolved while a hundred fire."""
    replay(talk, "storm200_one_group", truncatedAlerts=190)
    goes_by(talk, hours=2)
    assert ["open"] == [state for state, _ in talk.bugs()]


def test_what_was_silenced_closes_when_nobody_tells_of_it(talk):
    """Its end is never sent."""
    replay(talk, "silenced_then_resolved")
    goes_by(talk, hours=7)
    assert {"closed"} == {state for state, _ in talk.bugs()}
