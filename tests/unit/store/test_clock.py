"""The clock that all processes of an installation share."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from trainboard.store.clock import ASK_EVERY_SECONDS, DatabaseClock

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


class Answer:
    """A connection to a server on whose clock it is `now`, or that is away if there is none."""

    def __init__(self):
        self.now = NOON
        self.asked = 0

    def read(self):
        self.asked += 1
        if self.now is None:
            raise OperationalError("SELECT", {}, Exception("the database is away"))
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def execute(self, _):
        return self

    def scalar_one(self):
        return self.now


class Count:
    seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def server():
    return Answer()


@pytest.fixture
def count():
    return Count()


@pytest.fixture
def clock(server, count):
    return DatabaseClock(server, count)


def test_it_counts_on_by_itself(clock, server, count):
    """The database is asked now and then, not at each look."""
    count.seconds += 3

    assert (NOON + timedelta(seconds=3), 1) == (clock(), server.asked)


def test_it_follows_the_database(clock, server, count):
    """Also when that was set back."""
    server.now = NOON - timedelta(hours=1)
    count.seconds += ASK_EVERY_SECONDS

    assert (server.now, 2) == (clock(), server.asked)


def test_it_counts_on_while_the_database_is_away(clock, server, count):
    """And asks again after a while."""
    server.now = None
    count.seconds += ASK_EVERY_SECONDS
    seconds = timedelta(seconds=ASK_EVERY_SECONDS)
    assert (NOON + seconds, NOON + seconds, 2) == (clock(), clock(), server.asked)

    server.now = NOON + timedelta(minutes=1)
    count.seconds += ASK_EVERY_SECONDS
    assert server.now == clock()


def test_a_real_server_answers(postgresql_url):
    """Its moment lies between two looks at the machine's clock."""
    from trainboard.store.database import Database

    database = Database(postgresql_url)
    before = datetime.now(UTC)
    now = DatabaseClock(database)()
    after = datetime.now(UTC)
    database.close()

    assert before - timedelta(seconds=1) <= now <= after + timedelta(seconds=1)
