"""Where artifacts of runs are read."""

import pytest

from fakes.clock import FakeClock
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings, projects_of
from trainboard.wiring.artifacts import artifacts

GITHUB, AZURE = "github:Acme/churn", "azure-repos:Acme/Churn/churn"
SOURCE = {"kind": "artifacts", "name": "ci", "project": "churn"}


@pytest.mark.parametrize(
    ("code", "sources", "globs", "expected"),
    [
        (GITHUB, [SOURCE], [], ["azure-pipelines:acme", "github:acme/churn"]),
        (AZURE, [SOURCE], ["*"], ["azure-pipelines:acme"]),
        (GITHUB, [], ["*"], ["github:acme/churn"]),
        (GITHUB, [], [], []),
        (AZURE, [], ["*"], []),
    ],
)
def test_only_where_somebody_wants_what_is_in_them(code, sources, globs, expected):
    """By the place of a run, in small letters."""
    settings = Settings.model_validate(
        {
            "github": {"token": "t"},
            "azure_devops": {"organization_url": "https://dev.azure.com/Acme", "token": "t"},
            "projects": [{"name": "churn", "tracker": "local", "code": code, "result_artifacts": globs}],
            "sources": sources,
        }
    )
    clock = FakeClock()
    assert expected == sorted(artifacts(settings, projects_of(settings), clock, MemoryBudgets(clock)))
