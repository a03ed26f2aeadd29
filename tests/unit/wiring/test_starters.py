"""What can start the pipelines that are declared."""

import pytest

from fakes.clock import FakeClock
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings, projects_of
from trainboard.store.database import Database
from trainboard.wiring.adapters import starters

ACME = {"organization_url": "https://dev.azure.com/Acme"}
LOCAL = {"kind": "local", "name": "note"}
WORKFLOW = {"kind": "workflow", "name": "retrain", "file": "retrain.yml", "repository": "acme/churn"}
EVENT = {"kind": "repository-dispatch", "name": "tell", "event": "e", "repository": "acme/churn"}
AZURE = {"kind": "azure-pipeline", "name": "promote", "id": 7, "project": "Churn"}


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    yield made
    made.close()


def make(database, *pipelines, **sections):
    """The starters by place."""
    project = {"name": "churn", "tracker": "local", "pipelines": list(pipelines)}
    settings = Settings.model_validate({"projects": [project], "azure_devops": ACME} | sections)
    clock = FakeClock()
    made = starters(settings, projects_of(settings), database, clock, MemoryBudgets(clock))
    return {place: type(starter).__name__ for place, starter in made.items()}


def test_each_place_has_one(database):
    """Two pipelines of one repository share theirs."""
    way_in = {"github": {"token": "t"}, "azure_devops": ACME | {"token": "pat"}}
    assert {
        "local:churn": "LocalStarter",
        "github:acme/churn": "GitHubActionsStarter",
        "azure-pipelines:Acme/Churn": "AzurePipelinesStarter",
    } == make(database, LOCAL, WORKFLOW, EVENT, AZURE, **way_in)


def test_a_platform_without_a_way_in_has_none(database):
    """Its pipelines are refused when somebody asks, and the doctor says so before."""
    assert {"local:churn": "LocalStarter"} == make(database, LOCAL, WORKFLOW, AZURE)


def test_without_pipelines_there_is_none(database):
    """Also where the settings name ways in."""
    assert {} == make(database, github={"token": "t"})
