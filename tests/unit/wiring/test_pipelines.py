"""Whose pipelines can be read."""

import pytest

from fakes.clock import FakeClock
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings, projects_of
from trainboard.wiring.adapters import pipelines

URL = "https://dev.azure.com/Acme"
SIGNED_IN = {"organization_url": URL, "token": "pat"}


@pytest.mark.parametrize(
    ("section", "code", "expected"),
    [
        ({}, "github:acme/churn", []),
        ({"organization_url": URL}, "github:acme/churn", []),
        (SIGNED_IN, "github:acme/churn", ["azure-pipelines:acme"]),
        (SIGNED_IN, "azure-repos:Acme/Churn/churn", ["azure-pipelines:acme"]),
        (SIGNED_IN, "local", []),
        (
            {"organization_url": URL, "auth": "managed-identity"},
            "github:acme/churn",
            ["azure-pipelines:acme"],
        ),
    ],
)
def test_an_organisation_that_lets_us_in_has_a_reader(section, code, expected):
    """Named as its notifications name it, in small letters; it is the same wherever the code lives."""
    settings = Settings.model_validate(
        {
            "azure_devops": section,
            "projects": [{"name": "churn", "tracker": "local", "code": code}],
        }
    )
    made = pipelines(settings, projects_of(settings), FakeClock(), MemoryBudgets(FakeClock()))
    assert expected == [reader.name for reader in made.values()] == list(made)
