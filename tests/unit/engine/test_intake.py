"""A delivery is on disk when the intake answers."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from trainboard.deliveries import Acceptance, Delivery, DeliveryState
from trainboard.engine.intake import RETRY_SECONDS, Intake
from trainboard.errors import TransientError
from trainboard.store.models import DeliveryRow

DELIVERY = Delivery(source="runs/ci", id="d1", kind="run", entity="runs/churn-xgb", body=b"{}")


class Woken(list):
    """An engine that remembers what it was told."""

    def wake(self, mailbox, at):
        self.append((mailbox, at))


class AwayDatabase:
    """A database that cannot be written."""

    def __init__(self, error):
        self.error = error

    def write(self):
        raise self.error


@pytest.fixture
def woken():
    """Every wake-up."""
    return Woken()


@pytest.fixture
def intake(database, woken, clock):
    """The intake under test."""
    return Intake(database, woken, clock)


def bury(database):
    with database.write() as connection:
        connection.execute(update(DeliveryRow).values(state=DeliveryState.DEAD))


def test_a_delivery_is_stored_and_the_engine_woken(intake, database, woken, clock):
    """Its mailbox is due at once."""
    assert Acceptance.STORED == intake(DELIVERY)
    assert [("in:runs/churn-xgb", clock())] == woken
    columns = (DeliveryRow.source, DeliveryRow.delivery_id, DeliveryRow.kind, DeliveryRow.mailbox)
    with database.read() as connection:
        rows = connection.execute(select(*columns)).all()
    assert [("runs/ci", "d1", "run", "in:runs/churn-xgb")] == [tuple(row) for row in rows]


def test_a_delivery_that_waits_already_wakes_nobody(intake, woken):
    """The sender came twice."""
    intake(DELIVERY)

    assert Acceptance.IN_PROGRESS == intake(DELIVERY)
    assert 1 == len(woken)


def test_a_dead_delivery_is_worked_on_anew(intake, database, woken):
    """Sending it again is how it is replayed."""
    intake(DELIVERY)
    bury(database)

    assert Acceptance.AGAIN == intake(DELIVERY)
    assert 2 == len(woken)


@pytest.mark.parametrize(
    "error", [OperationalError("INSERT", {}, Exception("disk full")), PoolTimeoutError("no connection")]
)
def test_what_cannot_be_stored_is_refused(error, woken, clock):
    """The sender shall come again, and nobody is woken for it."""
    with pytest.raises(TransientError, match=rf"could not be stored \({type(error).__name__}\)") as caught:
        Intake(AwayDatabase(error), woken, clock)(DELIVERY)

    assert (RETRY_SECONDS, []) == (caught.value.retry_after_seconds, woken)
