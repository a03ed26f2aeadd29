"""Whose pipelines can be read."""

import pytest

from fakes.clock import FakeClock
from trainboard.budgets.memory import MemoryBudgets
from trainboard.settings import Settings
from trainboard.wiring.adapters import pipelines

URL = "https://dev.azure.com/Acme"


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({}, []),
        ({"organization_url": URL}, []),
        ({"organization_url": URL, "token": "pat"}, ["azure-pipelines:acme"]),
        ({"organization_url": URL, "auth": "managed-identity"}, ["azure-pipelines:acme"]),
    ],
)
def test_an_organisation_that_lets_us_in_has_a_reader(section, expected):
    """Named as its notifications name it, in small letters; it is the same wherever the code lives."""
    settings = Settings.model_validate({"azure_devops": section})
    made = pipelines(settings, FakeClock(), MemoryBudgets(FakeClock()))
    assert expected == [reader.name for reader in made.values()] == list(made)
