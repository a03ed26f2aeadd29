"""All that platforms may send of pull requests, commits and links, in any order and more than once."""

import gzip
import json
import random
from pathlib import Path

import pytest
from sqlalchemy import select

from fakes.code import NOW
from fakes.rows import rows_of_code
from fakes.senders import SENDERS
from trainboard.effects import Effect
from trainboard.engine import facts
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    ParentChanged,
    PullRequestChanged,
    PullRequestLinked,
    RepositoryChanged,
    WorkItemMoved,
)
from trainboard.handlers import react
from trainboard.policy import Project
from trainboard.store import item_links
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.pull_request_models import PullRequestRow
from trainboard.store.reading import StoreRead
from trainboard_webhooks import sources

EXAMPLES = Path(__file__).parents[1] / "data" / "octokit_webhooks_examples.json.gz"
TOLD = {
    PullRequestChanged: "pull_request",
    CheckReported: "check",
    DeploymentReported: "deployment",
    ApprovalReported: "approval",
}
BOUND = {ParentChanged, PullRequestLinked, RepositoryChanged, WorkItemMoved}


def bodies():
    """Every fixture of every source, and the examples that the community collected."""
    for name, source in sources().items():
        for path in sorted(Path(source.__file__).parent.glob("fixtures/*.json")):
            if not path.name.endswith(".events.json"):
                yield name, path.stem.split("__")[0], path.read_bytes()
    for kind, payload in json.loads(gzip.decompress(EXAMPLES.read_bytes())):
        yield "github", kind, json.dumps(payload).encode()


@pytest.fixture(scope="module")
def told():
    """What they say of code, as events."""
    found = (
        event
        for name, kind, body in bodies()
        for event in sources()[name].parse(SENDERS[name].door, kind, body)
    )
    return [event for event in found if type(event) in TOLD or type(event) in BOUND]


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    upgrade(made)
    yield made
    made.close()


def place_of(event):
    """The repository or the tracker that the event is of."""
    if type(event) in TOLD:
        return getattr(event, TOLD[type(event)]).code
    return getattr(event, "tracker", None) or event.code


def known_after(database, events):
    """The rows after all was heard, by a project for each repository; nothing of it stays."""
    projects = {place: Project(name=place, tracker=place, code=place) for place in map(place_of, events)}
    with database.engine.connect().execution_options(write=True) as connection, connection.begin() as undone:
        read = StoreRead(connection, projects, {}, NOW)
        for event in events:
            for outcome in react(event, read):
                if not isinstance(outcome, Effect):
                    facts.record(connection, outcome)
        rows = rows_of_code(connection)
        rows["links"] = {
            (row[0], row[1], link)
            for row in connection.execute(select(PullRequestRow.code, PullRequestRow.number))
            for link in item_links.list_links(connection, row[0], row[1])
        }
        undone.rollback()
    return rows


@pytest.mark.parametrize("seed", range(5))
def test_the_order_makes_no_difference(told, database, seed):
    """Shuffled and doubled, it ends in the same rows."""
    shuffled = told * 2
    random.Random(seed).shuffle(shuffled)

    assert known_after(database, told) == known_after(database, shuffled)


def test_it_is_about_all_of_it(told, database):
    """Of each kind of event there are some, and rows of it, so that the other test says something."""
    assert {*TOLD, *BOUND} == {type(event) for event in told}
    filled = {table for table, rows in known_after(database, told).items() if rows}
    assert {"pull_requests", "checks", "deployments", "approvals", "links"} <= filled
    assert {"item_parents", "told_links", "repository_states", "moved_items"} <= filled
