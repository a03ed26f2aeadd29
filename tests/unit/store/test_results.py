"""What tests found, as rows."""

import pytest
from sqlalchemy import select

from fakes.code import CODE, HEAD, results
from trainboard.facts import RecordResults
from trainboard.result_files import Tally
from trainboard.store import pull_requests
from trainboard.store import results as stored
from trainboard.store.pull_request_models import ResultsRow

OTHER = "b" * 40


def record(database, *told):
    with database.write() as connection:
        for each in told:
            pull_requests.record(connection, RecordResults(results=each))


@pytest.mark.parametrize("turn", [1, -1])
def test_the_newest_attempt_counts(database, turn):
    """Whichever is heard first, and a run of another pipeline stands beside it."""
    first, second = results(attempt=1, tests=Tally(failed=1)), results(attempt=2)
    other = results(pipeline="x/2", run=9)
    record(database, *[first, second, other][::turn])
    with database.read() as connection:
        assert [second, other] == stored.list_of_commit(connection, CODE.upper(), HEAD)
        assert [] == stored.list_of_commit(connection, CODE, OTHER)


def test_the_newest_run_of_a_branch(database):
    """It is that of each of the pipelines that are asked for."""
    old = results(branch="main", run=1)
    new = results(branch="main", run=2, commit=OTHER)
    others = [
        results(branch="try", run=3, commit="c" * 40),
        results(run=4, commit="d" * 40),
        results(branch="main", pipeline="x/2", run=5),
        results(branch="main", code="github:acme/other", run=6),
    ]
    record(database, new, old, *others)
    with database.read() as connection:
        assert [new] == stored.list_latest(connection, CODE, "main", ["github-actions/1"])
        assert [] == stored.list_latest(connection, CODE, "main", [])


def test_they_move_with_their_repository(database):
    """A renamed repository takes them along."""
    record(database, results())
    with database.write() as connection:
        assert pull_requests.move(connection, CODE, "github:acme/risk")
        assert ["github:acme/risk"] == list(connection.execute(select(ResultsRow.code)).scalars())
