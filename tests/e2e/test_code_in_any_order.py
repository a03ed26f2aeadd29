"""What platforms may send of pull requests, commits, links and models, in any order and more than once."""

import gzip
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from fakes.code import NOW, serving
from fakes.rows import rows_of_code
from fakes.senders import SENDERS
from trainboard.deployments import make_timelines
from trainboard.effects import Effect
from trainboard.engine import facts
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    MergeQueued,
    ModelChanged,
    ModelServed,
    ParentChanged,
    PullRequestChanged,
    PullRequestLinked,
    RepositoryChanged,
    WorkItemMoved,
)
from trainboard.handlers import (
    react,
)
from trainboard.policy import (
    Door,
    Project,
)
from trainboard.pull_requests import (
    DeploymentState,
)
from trainboard.store import (
    deployment_history,
    item_links,
)
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
OF_MODELS = (ModelChanged, ModelServed)
DOORS = ("mlflow/prod", "runs")


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
    kept = (*TOLD, *BOUND, MergeQueued, *OF_MODELS)
    return [*(event for event in found if isinstance(event, kept)), *served()]


def served():
    """What registries and endpoints say of one model over an hour: moves, tries, failures and repetitions."""
    at = [NOW + timedelta(minutes=5 * number) for number in range(12)]
    for number, version in enumerate(("1", "2", "2", "1", None, "3")):
        action = "alias set" if version else "alias cleared"
        yield ModelChanged(
            door="mlflow/prod", action=action, model="churn", at=at[number], version=version, alias="champion"
        )
    for number, state in enumerate(("running", "succeeded", "failed", "running", "succeeded")):
        told = serving(ref=f"blue/{number // 2}", state=DeploymentState(state), at=at[number], model="churn")
        yield ModelServed(door="runs", serving=told)
    for version, run_id in (("1", "r1"), ("1", None), ("2", "r2"), ("3", None)):
        yield ModelChanged(
            door="runs", action="version", model="churn", at=at[2], version=version, run_id=run_id
        )


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
    places = {place_of(event) for event in events if not isinstance(event, OF_MODELS)}
    projects = {place: Project(name=place, tracker=place, code=place) for place in places}
    codes = {getattr(event, TOLD[type(event)]).code for event in events if type(event) in TOLD}
    doors = {name: Door(name=name, project=min(codes)) for name in DOORS}
    with database.engine.connect().execution_options(write=True) as connection, connection.begin() as undone:
        read = StoreRead(connection, projects, doors, NOW)
        for event in events:
            for outcome in react(event, read):
                if not isinstance(outcome, Effect):
                    facts.record(connection, outcome, NOW)
        rows = rows_of_code(connection)
        rows["links"] = {
            (row[0], row[1], link)
            for row in connection.execute(select(PullRequestRow.code, PullRequestRow.number))
            for link in item_links.list_links(connection, row[0], row[1])
        }
        project = projects[doors["runs"].project]
        history = deployment_history.find(connection, project.name, project.code, NOW)
        undone.rollback()
    return rows, make_timelines(history, project.is_production)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_makes_no_difference(told, database, seed):
    """Shuffled and doubled, it ends in the same rows and the same timelines."""
    shuffled = told * 2
    random.Random(seed).shuffle(shuffled)

    assert known_after(database, told) == known_after(database, shuffled)


def test_it_is_about_all_of_it(told, database):
    """Of each kind of event there are some, and rows of it, so that the other test says something."""
    assert {*TOLD, *BOUND, MergeQueued, *OF_MODELS} == {type(event) for event in told}
    known, timelines = known_after(database, told)
    filled = {table for table, rows in known.items() if rows}
    assert {"pull_requests", "checks", "deployments", "approvals", "links", "queued_commits"} <= filled
    assert {"item_parents", "told_links", "repository_states", "moved_items"} <= filled
    assert {"alias_moves", "servings", "model_versions"} <= filled
    [model] = (each for each in timelines.models if each.name == "churn")
    assert {"champion", "churn-prod"} <= {place.name for place in model.places}
