"""Where people can command."""

import pytest

from fakes.clock import FakeClock
from fakes.github.keys import make_pem
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings, projects_of
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.wiring.adapters import repositories, trackers
from trainboard.wiring.conversations import conversations

APP = {"app_id": 4711, "private_key": make_pem()}
ACME = {"organization_url": "https://dev.azure.com/Acme", "token": "pat"}
ON_GITHUB = {"tracker": "github:Acme/churn"}
ON_AZURE = {"tracker": "azure-boards:acme/Churn/Churn ML", "code": "azure-repos:acme/Churn/churn"}
MIXED = {"tracker": "azure-boards:acme/Churn/Churn ML", "code": "github:acme/churn"}


def talked_in(parts, folder):
    """What the settings of those parts open."""
    clock, settings = FakeClock(), Settings.model_validate(parts)
    database = Database(f"sqlite:///{folder}/trainboard.db")
    upgrade(database)
    projects, budgets = projects_of(settings), MemoryBudgets(clock)
    writers = (
        trackers(settings, projects, database, clock, budgets),
        repositories(settings, projects, clock, budgets),
    )
    made = conversations(settings, projects, writers, database, clock, budgets)
    database.close()
    return made


@pytest.mark.parametrize(
    ("project", "sections", "expected"),
    [
        (ON_GITHUB, {"github": APP}, {"github:acme/churn": "GitHubConversation"}),
        (ON_GITHUB, {"github": {"token": "t"}}, {"github:acme/churn": "GitHubConversation"}),
        (
            ON_AZURE,
            {"azure_devops": ACME},
            {
                "azure-boards:acme/churn": "AzureBoardsConversation",
                "azure-repos:acme/churn/churn": "AzureReposConversation",
            },
        ),
        (
            MIXED,
            {"azure_devops": ACME, "github": APP},
            {
                "azure-boards:acme/churn": "AzureBoardsConversation",
                "github:acme/churn": "GitHubConversation",
            },
        ),
        (
            {"tracker": "local"},
            {"github": APP, "azure_devops": ACME},
            {"local:churn": "LocalConversation"},
        ),
    ],
)
def test_what_the_settings_let_into_is_talked_in(project, sections, expected, tmp_path):
    """By the names that hints carry, in small letters."""
    made = talked_in({"projects": [{"name": "churn"} | project]} | sections, tmp_path)
    assert expected == {name: type(each).__name__ for name, each in made.items()}


@pytest.mark.parametrize(
    ("trackers_in", "code", "expected"),
    [
        (["Churn/Churn ML"], "Churn/churn", ("Churn ML",)),
        (["Churn/Churn ML", "churn/Ops"], "CHURN/churn", ("Churn ML", "Ops")),
        (["Other/Ops"], "Churn/churn", ()),
    ],
)
def test_the_teams_that_plan_in_a_project_command_in_its_code(trackers_in, code, expected, tmp_path):
    """However the project is spelled; where none plans, the adapter finds the default one."""
    projects = [
        {"name": f"p{number}", "tracker": f"azure-boards:acme/{tracker}", "code": f"azure-repos:acme/{code}"}
        for number, tracker in enumerate(trackers_in)
    ]
    made = talked_in({"projects": projects, "azure_devops": ACME}, tmp_path)
    assert expected == tuple(made[f"azure-repos:acme/{code}".casefold()]._teams)


def test_teams_of_one_project_share_its_conversation(tmp_path):
    """For its work items are of no one team's."""
    projects = [
        {"name": "a", "tracker": "azure-boards:acme/Churn/A"},
        {"name": "b", "tracker": "azure-boards:acme/churn/B"},
    ]
    made = talked_in({"projects": projects, "azure_devops": ACME}, tmp_path)
    assert ["azure-boards:acme/churn"] == list(made)
    assert ("A", "B") == made["azure-boards:acme/churn"]._teams
