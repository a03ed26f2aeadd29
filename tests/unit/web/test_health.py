"""Probes and metrics."""

import pytest
from sqlalchemy import text, update

from fakes.board import came, caused
from trainboard.budgets import Lane, Window
from trainboard.deliveries import CLOCK_SOURCE, Delivery
from trainboard.store import inbox
from trainboard.store.budgets import StoredBudgets
from trainboard.store.database import Database
from trainboard.store.models import EffectRow
from trainboard.telemetry import Telemetry
from trainboard.web.app import create_app
from trainboard.web.health import health


def told(web):
    """The lines of the metrics."""
    return set(web.client.get("/metrics").text.splitlines())


@pytest.fixture
def waiting(database):
    """A delivery that waits since noon."""
    with database.write() as connection:
        caused(connection, came(connection))


def test_a_bot_with_nothing_to_do_is_ready(web):
    """The schema is looked at once."""
    checks = {"database": "ok", "schema": "ok", "queue": "ok"}

    assert web.json("/readyz") == {"status": "ok", "checks": checks}
    assert web.json("/readyz")["checks"] == checks


def test_a_short_wait_is_ready(web, waiting, clock):
    """Five minutes are allowed."""
    clock.forward(seconds=300)

    assert web.json("/readyz")["status"] == "ok"


def test_a_long_wait_is_not_ready(web, waiting, clock):
    """Nobody works on the inbox."""
    clock.forward(seconds=301)
    answer = web.client.get("/readyz")

    assert (503, "application/problem+json") == (answer.status_code, answer.content_type)
    assert "has waited 301 seconds" in answer.get_json(force=True)["detail"]


def test_a_database_that_takes_no_writes_is_not_ready(database, clock):
    """Whoever sends hears it first; a balancer shall know it too."""
    blueprint = health(database, Telemetry(), clock, is_storing=lambda: False)
    answer = create_app(blueprint).test_client().get("/readyz?exclude=queue")

    assert 503 == answer.status_code
    assert "database could not store a delivery" in answer.get_json(force=True)["detail"]


def test_a_balancer_may_leave_the_queue_out(web, waiting, clock):
    """A server that takes webhooks goes on taking them while the workers are away."""
    clock.forward(seconds=301)

    assert {"database": "ok", "schema": "ok"} == web.json("/readyz?exclude=queue")["checks"]


def test_a_check_that_is_left_out_is_one(web):
    """A probe with a slip of the pen would look at nothing."""
    answer = web.client.get("/readyz?exclude=queue&exclude=%3Cqeue%3E")

    assert 400 == answer.status_code
    assert (
        "1 of exclude are no checks; they are database, queue, schema."
        == answer.get_json(force=True)["detail"]
    )


def test_another_schema_is_not_ready(database, web):
    """The command that brings it up to date is named."""
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    answer = web.client.get("/readyz")

    assert answer.status_code == 503
    assert "trainboard db upgrade" in answer.get_json(force=True)["checks"]["schema"]


def test_a_database_that_does_not_answer_is_not_ready(tmp_path, clock):
    """Neither are there metrics then: what they would say is not known."""
    database = Database(f"sqlite:///{tmp_path}/nothing.db")
    client = create_app(health(database, Telemetry(), clock)).test_client()

    assert client.get("/readyz").get_json(force=True)["checks"]["database"] == "does not answer"
    assert client.get("/metrics").status_code == 503
    database.close()


def test_metrics_show_the_store_as_it_stands(web, waiting, clock):
    """Every state has its gauge, also where nothing is in it."""
    clock.forward(seconds=20)
    answer = web.client.get("/metrics")

    assert answer.content_type.startswith("text/plain; version=")
    assert {
        'trainboard_inbox_deliveries{state="waiting"} 1.0',
        'trainboard_inbox_deliveries{state="dead"} 0.0',
        'trainboard_outbox_effects{state="pending"} 1.0',
        "trainboard_inbox_oldest_due_seconds 20.0",
    } <= set(answer.text.splitlines())


def test_metrics_tell_of_changes_that_do_not_go_out(web, database, waiting, clock):
    """How long the oldest is due, and of which kind failed; a kind that is well again is told of with 0."""
    with database.write() as connection:
        connection.execute(update(EffectRow).values(error="TransientError: 502", attempts=1))
    clock.forward(seconds=20)
    failing = 'trainboard_outbox_failing_effects{kind="EnsureExperimentItem"}'
    assert {"trainboard_outbox_oldest_due_seconds 20.0", f"{failing} 1.0"} <= told(web)
    with database.write() as connection:
        connection.execute(update(EffectRow).values(error=None))
    assert f"{failing} 0.0" in told(web)


def test_metrics_tell_since_when_no_clock_ticked(web, database, clock):
    """Where none ever did, for longer than any limit."""
    assert "trainboard_scheduler_tick_age_seconds +Inf" in told(web)
    with database.write() as connection:
        tick = Delivery(source=CLOCK_SOURCE, id="reports-1", kind="ReportsDue", entity="clock", body=b"{}")
        inbox.put(connection, tick, clock())
    clock.forward(seconds=90)
    assert "trainboard_scheduler_tick_age_seconds 90.0" in told(web)


def test_metrics_show_the_budgets_as_they_stand(web, database, clock):
    """Whichever process spent them."""
    window = Window(name="writes_minute", seconds=60, most=60)
    StoredBudgets(database, clock).of("github:api.github.com/token", (window,)).admit(
        "comment", Lane.EDIT, writes=True
    )

    assert (
        'trainboard_budget_window_used{account="github:api.github.com/token",window="writes_minute"} 1.0'
        in web.client.get("/metrics").text.splitlines()
    )
