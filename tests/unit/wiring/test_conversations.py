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
    clock = FakeClock()
    settings = Settings.model_validate({"projects": [{"name": "churn"} | project]} | sections)
    database = Database(f"sqlite:///{tmp_path}/trainboard.db")
    upgrade(database)
    projects, budgets = projects_of(settings), MemoryBudgets(clock)
    writers = (
        trackers(settings, projects, database, clock, budgets),
        repositories(settings, projects, clock, budgets),
    )
    made = conversations(settings, projects, writers, database, clock, budgets)
    assert expected == {name: type(each).__name__ for name, each in made.items()}
    database.close()
