"""Who waits for whom, of those who tell of one commit."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from fakes.code import HEAD, approval, check, deployment, pull_request
from fakes.pull_requests import run
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    PullRequestChanged,
    RemovalDue,
    RunReported,
)
from trainboard.store import commits
from trainboard.store.database import Database

CHANGED = PullRequestChanged(pull_request=pull_request(merged_as="b" * 40), action="closed")
TOLD = [
    CheckReported(check=check()),
    DeploymentReported(deployment=deployment(commit=HEAD)),
    ApprovalReported(approval=approval(commit="b" * 40)),
    RunReported(door="mlflow/prod", report=run(commit=HEAD)),
]
OF_NO_COMMIT = [
    DeploymentReported(deployment=deployment()),
    CheckReported(check=check(commit="\x00\udc80")),
    RunReported(door="mlflow/prod", report=run(commit=None)),
    RemovalDue(),
]


@pytest.fixture
def two(postgresql_url):
    """Two connections, of which none waits long."""
    database = Database(postgresql_url)
    with database.engine.connect() as one, database.engine.connect() as other:
        for connection in (one, other):
            connection.execute(text("SET lock_timeout = '50ms'"))
            connection.commit()
        yield one, other
    database.close()


def waits(connection, *events):
    """True if whoever tells these events waits for somebody."""
    try:
        with connection.begin_nested():
            commits.lock(connection, events)
    except OperationalError:
        return True
    return False


@pytest.mark.parametrize("told", TOLD)
def test_a_pull_request_waits_for_what_is_told_of_its_commits(two, told):
    """And the other way round; what is told of one commit does not wait for its like."""
    one, other = two
    assert [False, True, False] == [waits(one, told), waits(other, CHANGED), waits(other, *TOLD)]

    other.rollback()
    one.rollback()
    assert [False, True] == [waits(one, CHANGED, told), waits(other, told)]


def test_what_names_no_commit_of_it_waits_for_nobody(two):
    """Not even where somebody wrote nonsense for a commit."""
    one, other = two
    assert [False, False] == [waits(one, CHANGED), waits(other, *OF_NO_COMMIT)]


def test_the_only_writer_waits_for_nobody(tmp_path):
    """SQLite has one, and no such locks."""
    database = Database(f"sqlite:///{tmp_path}/trainboard.db")
    with database.write() as connection:
        commits.lock(connection, [CHANGED, *TOLD])
    database.close()
