"""The pages over a store of the test's own."""

from types import SimpleNamespace

import pytest

from fakes.board import DOORS, NOW, PROJECTS
from fakes.clock import FakeClock
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.telemetry import Telemetry
from trainboard.web.app import create_app
from trainboard.web.health import health
from trainboard.web.pages import pages


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """A database file with today's schema and nothing in it."""
    path = tmp_path_factory.mktemp("web") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def database(empty_file, tmp_path):
    """A store of the test's own."""
    path = tmp_path / "web.db"
    path.write_bytes(empty_file.read_bytes())
    made = Database(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.fixture
def clock():
    """Wednesday of sprint 12's first week, at noon."""
    return FakeClock(NOW)


@pytest.fixture
def open_site(database, clock):
    """Makes the application for whom `access` lets in, and answers a client of it."""

    def make(access="public", projects=PROJECTS, doors=DOORS):
        telemetry = Telemetry()
        app = create_app(
            health(database, telemetry, clock), pages(database, projects, doors, clock, access=access)
        )
        return app.test_client()

    return make


@pytest.fixture
def web(open_site):
    """Reads pages: `web.text(path)`, `web.json(path)`; other statuses than 200 fail."""
    client = open_site()

    def get(path):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer

    return SimpleNamespace(
        client=client, text=lambda path: get(path).text, json=lambda path: get(path).get_json()
    )
