"""A database of the test's own and a clock that it moves."""

import pytest

from fakes.clock import FakeClock
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade


@pytest.fixture
def database(tmp_path):
    """A database file with the schema of today."""
    made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def clock():
    """A clock that stands still."""
    return FakeClock()
