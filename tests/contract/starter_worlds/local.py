"""The bot's own database."""

from contextlib import contextmanager

import pytest

from fakes.clock import FakeClock
from fakes.pipelines import pipeline
from trainboard.pipelines.local import LocalStarter
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade


class LocalWorld:
    """A board without a platform."""

    tells_run = True

    def __init__(self, database):
        self.now = FakeClock()
        self.starter = LocalStarter(database, "churn", self.now)
        self.pipeline = pipeline("local", place="local:churn", target="retrain", marker="")

    def list_started(self):
        return [{each.name: each.text for each in order.arguments} for order in self.starter.list_orders()]

    def add_commit(self):
        return "a" * 40

    def list_commits(self):
        return [order.commit for order in self.starter.list_orders()]

    def lose_answer(self):
        pytest.skip("the database is our own")

    def breaks(self, how):
        raise LookupError(how)

    def outage(self):
        pytest.skip("the database is our own")


@contextmanager
def open_world(request):
    database = Database(f"sqlite:///{request.getfixturevalue('tmp_path')}/local.db")
    upgrade(database)
    yield LocalWorld(database)
    database.close()
