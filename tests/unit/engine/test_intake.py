"""A delivery is on disk when the intake answers."""

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from trainboard.deliveries import Acceptance, Delivery
from trainboard.engine.intake import RETRY_SECONDS, Intake
from trainboard.errors import TransientError
from trainboard.store import inbox

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


def bury(database, clock):
    with database.write() as connection:
        (stored,) = inbox.list_waiting(connection, "in:runs/churn-xgb", 2, clock())
        inbox.bury(connection, stored.number, clock(), "a bug")


def test_a_delivery_is_stored_and_the_engine_woken(intake, database, woken, clock):
    """What was said is what is read back."""
    assert Acceptance.STORED == intake(DELIVERY)
    assert [("in:runs/churn-xgb", clock())] == woken
    with database.read() as connection:
        assert [DELIVERY] == [
            each.delivery for each in inbox.list_waiting(connection, woken[0][0], 2, clock())
        ]


def test_a_delivery_that_waits_already_wakes_nobody(intake, woken):
    """The sender came twice."""
    intake(DELIVERY)

    assert Acceptance.IN_PROGRESS == intake(DELIVERY)
    assert 1 == len(woken)


def test_a_dead_delivery_is_worked_on_anew(intake, database, woken, clock):
    """Sending it again is how it is replayed."""
    intake(DELIVERY)
    bury(database, clock)

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
