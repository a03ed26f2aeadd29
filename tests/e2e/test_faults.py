"""Some faults of `benchmarks/fault_matrix.py`: nothing is lost, doubled or wrong when they are over."""

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from faults import Fault, list_faults, play
from faults.grounds import SQLITE, Ground
from faults.stages import AZURE, LOCAL

MINUTES = 12
SOME = [
    ("the disk is full", LOCAL),
    ("the tracker answers 5xx", AZURE),
    ("the secret of the jobs is rotated", LOCAL),
]


@pytest.fixture(autouse=True)
def quiet():
    """Hundreds of stack traces take their time to print."""
    with capture_logs():
        yield


@pytest.mark.parametrize(("name", "place"), SOME)
def test_a_team_outlasts_it(name, place):
    """The board and the database are as if nothing had happened."""
    [fault] = [each for each in list_faults() if each.name == name]
    outcome = play(fault, place, Ground(), MINUTES)

    assert () == outcome.broken
    assert (0, 0, 0) == (outcome.lost, outcome.doubled, outcome.wrong)
    assert outcome.acknowledged > MINUTES


def test_a_team_outlasts_a_postgresql_that_takes_no_writes(postgresql_server):
    """Senders come again, and people too."""
    [fault] = [each for each in list_faults() if each.name == "PostgreSQL takes no writes"]
    outcome = play(fault, LOCAL, Ground(postgresql_server), 3)

    assert ((), 0, True) == (outcome.broken, outcome.harm, outcome.refused > 0)


def test_harm_is_seen():
    """What judges would prove nothing if it could not find what was lost, doubled and wrong."""

    def harm(stage):
        stage.lives(1)
        with stage.database.write() as connection:
            connection.execute(
                text("DELETE FROM delivery_bodies WHERE delivery = (SELECT max(id) FROM deliveries)")
            )
            connection.execute(text("UPDATE local_items SET body = 'Gone.' WHERE title LIKE '%churn-1'"))
            connection.execute(text("DELETE FROM deliveries WHERE delivery_id = 'd2'"))
        stage.talking.says("Twice.")
        yield

    outcome = play(Fault("harm", harm, [LOCAL], [SQLITE], []), LOCAL, Ground(), 1)

    assert (True, True, True) == (outcome.lost > 0, outcome.doubled > 0, outcome.wrong > 0)
