"""A run tracker goes away and comes back: nothing is lost, and people read of it where they look."""

from itertools import groupby

import pytest
import requests
import responses

from fakes.conversation import PROJECT
from fakes.mlflow import FakeMlflow, a_run
from trainboard.store import cursors, reports
from trainboard.work_items import WorkItemChange

MLFLOW = {
    "kind": "mlflow",
    "name": "prod",
    "project": "churn",
    "url": "http://mlflow.test",
    "experiments": ["churn-*"],
}
SINCE = "MLflow `prod` unreachable since 2026-11-18 10:01 UTC:"
FAULTS = {
    "a refused host name": (403, {}, "Invalid Host header - possible DNS rebinding attack detected"),
    "a login page": (200, {"Content-Type": "text/html"}, "<html><body>@octocat sign in</body></html>"),
    "nothing": (200, {}, ""),
    "a time-out": requests.ReadTimeout("read timed out"),
    "a gateway": (502, {}, "<h1>Bad gateway</h1>"),
}
SAID = {
    "a refused host name": "set MLFLOW_SERVER_ALLOWED_HOSTS",
    "a login page": "needs no login page",
    "nothing": "did not answer with MLflow's JSON",
    "a time-out": "ReadTimeout",
    "a gateway": "answered 502",
}


class AbsentMlflow(FakeMlflow):
    """Answers nothing but its fault while it has one; questions with the text `broken` meet a gateway."""

    fault = None
    broken = None

    def listen(self, mock):
        super().listen(mock)
        for each in mock.registered():
            each.callback = self._spoilt(each.callback)

    def _spoilt(self, answer):
        def answer_or_fail(request):
            if self.broken and self.broken in str(request.body):
                return FAULTS["a gateway"]
            if isinstance(self.fault, Exception):
                raise self.fault
            return self.fault or answer(request)

        return answer_or_fail


@pytest.fixture
def mlflow():
    server = AbsentMlflow()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        server.listen(mock)
        yield server


@pytest.fixture
def bot(talk, mlflow):
    """A bot whose tracker holds one ended run, which its work item shows."""
    bot = talk(sources=[MLFLOW], projects=[PROJECT])
    end(mlflow, bot, "r1")
    bot.ticks()
    bot.forward(seconds=30)
    assert ["1 run: 1 finished"] == headlines(bot)
    return bot


def end(mlflow, bot, run_id):
    """A run of a minute ends now."""
    now_ms = int(bot.clock().timestamp() * 1000)
    mlflow.runs.append(a_run(run_id, start_time=now_ms - 60_000, end_time=now_ms))


def away(mlflow, bot, fault="a gateway"):
    """The tracker has the fault from 10:01 on, and the bot meets it."""
    mlflow.fault = FAULTS[fault]
    bot.forward(seconds=30)


def headlines(bot):
    return [item.body.split("**")[1] for item in bot.items()]


def pass_time(bot, *, minutes):
    """So long, with the bot at work; the body of the first item after each minute."""
    bodies = []
    for _ in range(minutes):
        bot.forward(minutes=1)
        bodies.append(bot.items()[0].body)
    return bodies


def changes(bodies):
    """What the body was, one after the other."""
    return [body for body, _ in groupby(bodies)]


def reading(bot):
    with bot.bot.database.read() as connection:
        return cursors.get(connection, "mlflow/prod")


@pytest.mark.parametrize("fault", FAULTS)
def test_what_ended_while_it_was_away_is_there_afterwards(bot, mlflow, fault):
    """With one edit that tells of the outage, and one that takes it out with all runs of the time."""
    before = bot.items()[0].body
    away(mlflow, bot, fault)
    bodies = []
    for number in range(2, 12):
        end(mlflow, bot, f"r{number}")
        bodies += pass_time(bot, minutes=6)

    [quiet, told] = changes(bodies)
    assert before == quiet
    assert SINCE in told
    assert SAID[fault] in told
    assert "<html>" not in told

    mlflow.fault = None
    [*_, last] = changes(pass_time(bot, minutes=12))
    assert ["11 runs: 11 finished"] == headlines(bot)
    assert "unreachable" not in last


def test_an_outage_alone_makes_two_edits(bot, mlflow):
    """However long it lasts, and whatever else it meets meanwhile."""
    before = bot.items()[0].body
    bodies = []
    for fault in FAULTS:
        away(mlflow, bot, fault)
        bodies += pass_time(bot, minutes=30)
    mlflow.fault = None
    bodies += pass_time(bot, minutes=12)

    first, told, last = changes(bodies)
    assert (before, before) == (first, last)
    assert SINCE in told


def test_a_blip_makes_no_edit(bot, mlflow):
    """What is over within a quarter of an hour is on the pages only."""
    before = bot.items()[0].body
    away(mlflow, bot)
    bodies = pass_time(bot, minutes=10)
    assert "mlflow/prod cannot be reached" in bot.http.get("/deliveries").text
    mlflow.fault = None
    bodies += pass_time(bot, minutes=12)
    assert [before] == changes(bodies)
    assert reading(bot).unreachable_since is None


def test_an_item_that_was_closed_meanwhile_does_not_tell_for_ever(bot, mlflow):
    """What told of the outage is written anew, also where nobody works on it any more."""
    away(mlflow, bot)
    pass_time(bot, minutes=20)
    [item] = bot.items()
    assert SINCE in item.body
    bot.bot.outside.trackers["churn"].update_item(item.ref, WorkItemChange(state="closed"))
    mlflow.fault = None
    pass_time(bot, minutes=12)
    assert "unreachable" not in bot.items()[0].body


def test_metrics_grow_and_the_bot_stays_ready(bot, mlflow):
    """A tracker that is away is no reason to take the bot out of service."""
    away(mlflow, bot)
    pass_time(bot, minutes=20)
    assert {
        'trainboard_run_tracker_failing_seconds{source="mlflow/prod"} 1200.0',
        'trainboard_run_tracker_read_age_seconds{source="mlflow/prod"} 1230.0',
    } <= set(bot.http.get("/metrics").text.splitlines())
    assert 200 == bot.http.get("/readyz").status_code

    mlflow.fault = None
    pass_time(bot, minutes=12)
    back = 'trainboard_run_tracker_failing_seconds{source="mlflow/prod"} 0.0'
    assert back in bot.http.get("/metrics").text.splitlines()


def test_the_report_of_the_sprint_names_it_as_long_as_runs_may_be_missing(bot, mlflow):
    """When all are read, nothing is missing."""
    bot.bot.schedule.tick_history()
    bot.settle()
    project = bot.bot.outside.projects["churn"]

    def told():
        with bot.bot.database.read() as connection:
            return [each.door for each in reports.make(connection, project, 1, bot.clock()).outages]

    away(mlflow, bot)
    pass_time(bot, minutes=20)
    assert ["mlflow/prod"] == told()
    mlflow.fault = None
    pass_time(bot, minutes=12)
    assert [] == told()


def test_a_first_look_that_broke_off_is_made_anew(talk, mlflow):
    """At the whole sprint, until it is complete."""
    bot = talk(sources=[MLFLOW], projects=[PROJECT])
    end(mlflow, bot, "r1")
    mlflow.broken = "end_time >="
    bot.ticks()
    for _ in range(5):
        bot.forward(minutes=1)
    assert reading(bot).read_at is None
    assert ["1 run: 1 finished"] == headlines(bot)

    mlflow.broken = None
    for _ in range(5):
        bot.forward(minutes=1)
    assert reading(bot).read_at is not None
