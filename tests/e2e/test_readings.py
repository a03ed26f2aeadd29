"""Runs that the bot reads from a tracker: the clock asks, the tracker answers, the item appears."""

from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import text

from fakes.conversation import PROJECT, run
from trainboard.errors import PermanentError, TransientError
from trainboard.experiments import Cursor, Page
from trainboard.runs import RunReport
from trainboard.store import cursors

MLFLOW = {
    "kind": "mlflow",
    "name": "prod",
    "project": "churn",
    "url": "http://mlflow.example",
    "experiments": ["churn-*"],
}


class FakeReader:
    """A run tracker that holds what a test gives it, and can be away."""

    name = "mlflow/prod"

    def __init__(self):
        self.reports = []
        self.asked = []
        self.error = None

    def list_new(self, cursor):
        return self._answer("new", cursor)

    def list_since(self, since_ms, cursor):
        return self._answer(since_ms, cursor)

    def _answer(self, what, cursor):
        self.asked.append(what)
        if self.error:
            raise self.error
        reports = tuple(msgspec.convert(document, RunReport) for document in self.reports)
        yield Page(reports=reports, cursor=Cursor(ended_ms=cursor.ended_ms + 1))


@pytest.fixture
def bot(talk):
    """A bot that reads one tracker; `bot.reader` is that tracker."""
    bot = talk(sources=[MLFLOW], projects=[PROJECT])
    bot.reader = FakeReader()
    bot.bot.outside.readers["mlflow/prod"] = bot.reader
    return bot


def reading(bot):
    """What the store knows of the reader."""
    with bot.bot.database.read() as connection:
        return cursors.get(connection, "mlflow/prod")


def test_the_first_look_is_at_the_whole_sprint_and_the_next_at_what_is_new(bot):
    """Afterwards the cursor tells how far it was read."""
    bot.reader.reports = [run("r1", metrics={"val_auc": 0.9})]
    bot.ticks()
    bot.forward(seconds=30)

    sprint_start = datetime(2026, 11, 9, tzinfo=UTC).timestamp() * 1000
    assert [sprint_start, "new", "new"] == bot.reader.asked
    assert ["Experiment: churn-xgb"] == [item.title for item in bot.items()]
    assert 3 == reading(bot).cursor.ended_ms


def test_a_run_that_comes_again_is_one_delivery(bot):
    """Readings overlap; what says nothing new is dropped at the door."""
    bot.reader.reports = [run("r1")]
    for _ in range(5):
        bot.forward(seconds=30)

    with bot.bot.database.read() as connection:
        polled = "SELECT count(*) FROM deliveries WHERE source = 'poll/mlflow/prod'"
        assert 1 == connection.execute(text(polled)).scalar()


@pytest.mark.parametrize("error", [TransientError("the tracker is away"), PermanentError("no such thing")])
def test_a_tracker_that_is_away_is_named_and_asked_again(bot, error):
    """Since when, and why; after it is back nothing of it is left."""
    bot.ticks()
    bot.reader.error = error
    bot.forward(seconds=30)
    since = reading(bot).unreachable_since
    bot.forward(minutes=20)
    assert (since, str(error)) == (reading(bot).unreachable_since, reading(bot).error)

    bot.reader.error = None
    bot.reader.reports = [run("r1")]
    for _ in range(30):
        bot.forward(minutes=1)
    assert reading(bot).unreachable_since is None
    assert 1 == len(bot.items())


def test_a_hint_makes_the_bot_look_at_once(talk):
    """MLflow says that a version was registered; the runs are read without waiting for the clock."""
    bot = talk(sources=[MLFLOW | {"secrets": ["mlflow webhook secret"]}], projects=[PROJECT])
    bot.reader = FakeReader()
    bot.bot.outside.readers["mlflow/prod"] = bot.reader
    bot.reader.reports = [run("r1")]
    data = {"name": "clf", "version": "1", "source": "models:/m", "run_id": "r1", "tags": {}}
    stamp = "2026-11-18T10:00:00+00:00"
    bot.mlflow_says({"entity": "model_version", "action": "created", "timestamp": stamp, "data": data})

    assert 1 == len(bot.items())
    bot.clock.forward(seconds=31)
    bot.settle()
    assert "clf" in bot.items()[0].body
