"""Runs that the bot reads from a tracker: the clock asks, the tracker answers, the item appears."""

from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import text

from fakes.conversation import PROJECT, run
from trainboard.errors import PermanentError, TransientError
from trainboard.experiments import Cursor, Page, RegisteredVersion, Registry
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
        self.registry_error = None
        self.aliases = {}
        self.versions = {}
        self.clock = None

    def read_registry(self):
        if self.registry_error:
            raise self.registry_error
        return Registry(at=self.clock(), aliases=self.aliases)

    def find_version(self, model, version):
        self.asked.append((model, version))
        return self.versions.get((model, version))

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
    bot.reader.clock = bot.clock
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


def aliases(bot):
    """The aliases of each version, as the board shows them."""
    [item] = bot.http.get("/api/v1/board").get_json()["items"]
    return {each["version"]: each["aliases"] for each in item["models"]}


def test_aliases_are_read_where_no_webhook_tells_of_them(bot):
    """With the version that they point at, if a run of ours made it; each look tells what moved meanwhile."""
    bot.reader.reports = [run("r1"), run("r2")]
    for name, run_id in (("1", "r1"), ("2", "r2"), ("3", "foreign")):
        bot.reader.versions["churn", name] = RegisteredVersion(at=bot.clock(), run_id=run_id)
    bot.ticks()
    bot.forward(seconds=30)
    bot.reader.aliases = {"churn": {"champion": "1", "odd": "3"}, "other": {"champion": "7"}}
    bot.forward(seconds=61)
    assert {"1": ["champion"]} == aliases(bot)

    bot.reader.aliases = {"churn": {"champion": "2"}}
    bot.forward(seconds=61)
    assert {"1": [], "2": ["champion"]} == aliases(bot)
    asked = bot.reader.asked.count(("churn", "2"))
    bot.reader.aliases = {"churn": {"champion": "1"}}
    bot.forward(seconds=3600)
    assert (asked, {"1": ["champion"], "2": []}) == (bot.reader.asked.count(("churn", "2")), aliases(bot))
    [item] = bot.items()
    assert "alias `champion` ✓ since" in item.body
    assert "alias `champion` ✗ rolled back" in item.body

    bot.reader.aliases = {"churn": {}}
    bot.forward(seconds=61)
    assert {"1": [], "2": []} == aliases(bot)


def test_a_registry_that_is_away_keeps_no_run_from_being_read(bot):
    """It is asked again with the next reading."""
    bot.reader.reports = [run("r1")]
    bot.reader.versions["churn", "1"] = RegisteredVersion(at=bot.clock(), run_id="r1")
    bot.reader.aliases = {"churn": {"champion": "1"}}
    bot.reader.registry_error = TransientError("away")
    bot.ticks()
    bot.forward(seconds=61)
    assert ({}, None) == (aliases(bot), reading(bot).error)

    bot.reader.registry_error = None
    bot.forward(seconds=61)
    assert {"1": ["champion"]} == aliases(bot)
