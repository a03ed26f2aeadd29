"""What is known of repositories follows the names that the settings have, before a bot starts."""

import pytest
from msgspec.structs import replace

from fakes.code import CODE, NOW, pull_request
from fakes.read import CHURN
from trainboard.effects import EnsurePullRequestStatus
from trainboard.events import RepositoryMoved
from trainboard.facts import RecordPullRequest
from trainboard.store import log, outbox, pull_requests
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.wiring.moves import follow_moves

BETWEEN, NEW = "github:acme/between", "github:acme/leavers"
MOVES = [
    RepositoryMoved(old=CODE, new=BETWEEN, at=NOW.replace(hour=8)),
    RepositoryMoved(old=BETWEEN, new=NEW, at=NOW.replace(hour=9)),
]
CLOSED = pull_request(number=8, state="closed")


@pytest.fixture
def database(tmp_path):
    """Two pull requests are known by the first name, and that it was given up twice."""
    made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    upgrade(made)
    with made.write() as connection:
        log.append(connection, [(move, None) for move in MOVES], NOW)
        for each in (pull_request(), CLOSED):
            pull_requests.record(connection, RecordPullRequest(pull_request=each))
    yield made
    made.close()


def known(database):
    """The addresses of the two pull requests."""
    with database.read() as connection:
        found = [
            pull_requests.find(connection, code, number) for code in (CODE, BETWEEN, NEW) for number in (7, 8)
        ]
    return [each.code for each in found if each]


def test_rows_follow_a_chain_of_names_and_are_shown(database):
    """Once; what is closed needs no gate."""
    project = replace(CHURN, code=NEW)
    answers = [follow_moves(database, [project], NOW) for _ in range(2)]

    assert [{"local:churn": [], NEW: [BETWEEN, CODE]}] * 2 == answers
    assert [NEW, NEW] == known(database)
    status = EnsurePullRequestStatus(project="churn", code=NEW, pull_request=7)
    with database.read() as connection:
        [asked] = outbox.list_pending(connection, f"out:{status.mailbox}")
        assert 1 == sum(outbox.count_states(connection).values())
    assert (status, 0) == (asked.effect, asked.version)


def test_the_settings_have_the_old_name(database):
    """Nothing can follow yet."""
    assert {"local:churn": [], CODE: []} == follow_moves(database, [replace(CHURN, code=CODE)], NOW)
    assert [CODE, CODE] == known(database)


def test_a_name_that_is_used_again_keeps_what_is_known(database):
    """A new repository got it, and another project lives there."""
    projects = [replace(CHURN, code=NEW), replace(CHURN, name="other", code=CODE.upper())]
    former = follow_moves(database, projects, NOW)

    assert [BETWEEN] == former[NEW]
    assert [CODE, CODE] == known(database)


def test_a_tracker_that_was_renamed_has_no_pull_requests(database):
    """They are known by the code of a project."""
    follow_moves(database, [replace(CHURN, tracker=NEW)], NOW)

    with database.read() as connection:
        assert {} == outbox.count_states(connection)
