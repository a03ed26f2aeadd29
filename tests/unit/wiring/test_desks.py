"""Where people's words on approvals can be passed on."""

import pytest

from fakes.clock import FakeClock
from fakes.github.keys import make_pem
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings, projects_of
from trainboard.wiring.adapters import desks

APP = {"app_id": 4711, "private_key": make_pem()}
ACME = {"organization_url": "https://dev.azure.com/Acme", "token": "pat"}


@pytest.mark.parametrize(
    ("code", "sections", "expected"),
    [
        ("github:Acme/churn", {"github": APP}, {"github:acme/churn": "GitHubApprovalDesk"}),
        ("github:acme/churn", {"github": {"token": "t"}}, {}),
        ("github:acme/churn", {}, {}),
        ("github:acme/churn", {"azure_devops": ACME}, {"azure-pipelines:acme": "AzureApprovalDesk"}),
        (
            "azure-repos:acme/Churn/churn",
            {"azure_devops": ACME},
            {"azure-pipelines:acme": "AzureApprovalDesk"},
        ),
        ("local", {"github": APP, "azure_devops": ACME}, {}),
    ],
)
def test_what_the_settings_let_into_has_a_desk(code, sections, expected):
    """GitHub asks Apps only; runs of Azure Pipelines may be of code that lives on GitHub."""
    project = {"name": "churn", "tracker": "local", "code": code}
    settings = Settings.model_validate({"projects": [project]} | sections)
    made = desks(settings, projects_of(settings), FakeClock(), MemoryBudgets(FakeClock()))
    assert expected == {name: type(desk).__name__ for name, desk in made.items()}
