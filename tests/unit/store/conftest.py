"""Every test of the store runs on SQLite and on PostgreSQL."""

import pytest

from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

KINDS = ["sqlite", "postgresql"]


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    """A database of the test's own with the schema of today and nothing in it."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    else:
        made = Database(request.getfixturevalue("postgresql_url"))
    upgrade(made)
    yield made
    made.close()


@pytest.fixture(scope="session", params=KINDS)
def shared_database(request, tmp_path_factory):
    """A database that many tests use and none changes."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path_factory.mktemp('store')}/trainboard.db")
    else:
        server = request.getfixturevalue("postgresql_server")
        server.run("CREATE DATABASE shared")
        made = Database(server.url("shared"))
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def write(shared_database):
    """An open transaction that is undone when the test ends."""
    with shared_database.engine.connect().execution_options(write=True) as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()
