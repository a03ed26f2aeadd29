"""What a process without pages answers."""

import pytest
from werkzeug.test import Client

from trainboard.store.database import Database
from trainboard.telemetry import Telemetry
from trainboard.web.app import create_app
from trainboard.web.front import Front
from trainboard.web.health import health
from trainboard.web.probes import Probes


@pytest.fixture
def client(database, clock):
    """Asks a process over an empty store."""
    return Client(Probes(Front(lambda: create_app(health(database, Telemetry(), clock)))))


def test_probes_and_metrics_are_answered(client):
    """As a web server answers them."""
    assert {"status": "ok"} == client.get("/healthz").json
    assert {"database": "ok", "schema": "ok"} == client.get("/readyz?exclude=queue").json["checks"]
    assert "trainboard_effects_worked_total" in client.get("/metrics").text


@pytest.mark.parametrize(
    "path", ["/", "/deliveries", "/webhooks/github", "/readyz/", "/static/trainboard.css"]
)
def test_nothing_else_is(client, path):
    """Who sends webhooks here has the wrong address, and pages are shown where somebody sees to who may."""
    for answer in (client.get(path), client.post(path)):
        assert (404, "Nothing is at this address.") == (answer.status_code, answer.text)


def test_a_process_lives_while_its_database_is_away(tmp_path, clock):
    """It is not ready, and starting it again would not help."""
    database = Database(f"sqlite:///{tmp_path}/nothing.db")
    client = Client(Probes(Front(lambda: create_app(health(database, Telemetry(), clock)))))
    assert (200, 503) == (client.get("/healthz").status_code, client.get("/readyz").status_code)
    database.close()
