"""What a look at the pipelines of an organisation finds."""

import pytest

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.faults import Fault
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.diagnosis import Grade
from trainboard.pipelines.azure_pipelines import AzurePipelinesReader

CODES = [
    "azure-repos:Acme/Churn/churn",
    "azure-repos:acme/churn/other",
    "azure-repos:else/Churn/a",
    "github:a/b",
]


@pytest.fixture
def azure():
    with AzureDevOps(FakeClock()).running() as azure:
        azure.add_project("Churn", process="Basic", team="Churn ML")
        yield azure


@pytest.fixture
def look(azure):
    """What is found, and the calls that it took."""
    organization = Organization(
        url=azure.url,
        credential=TokenCredential(azure.token),
        budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
        clock=azure.clock,
    )
    reader = AzurePipelinesReader(organization=organization, codes=CODES)
    yield lambda: (list(reader.examine()), azure.calls())
    organization.close()


def test_a_project_is_looked_at_once(look):
    """However many of its repositories matter; not those of another organisation or platform."""
    findings, calls = look()
    assert (["GET build.builds", "GET environments"], {Grade.OK}) == (
        calls,
        {each.grade for each in findings},
    )
    assert "We may read runs of pipelines in Churn." == findings[0].message


def test_environments_that_may_not_be_seen_are_a_note(azure, look):
    """It says which scope is missing, and what is known without."""
    azure.faults.add(Fault(status=403, body="{}"), path="/environments")
    _, finding = look()[0]
    assert (Grade.NOTE, True) == (finding.grade, "Environment: Read & manage" in finding.fix)


@pytest.mark.parametrize(
    ("fault", "grade"),
    [
        (Fault(status=403, body="{}"), Grade.FAILING),
        (Fault(status=404, body="null"), Grade.FAILING),
        (Fault(status=429, body="{}", headers={"Retry-After": "30"}), Grade.NOTE),
    ],
)
def test_runs_that_may_not_be_read_are_a_failure(azure, look, fault, grade):
    """But for a limit, which passes."""
    azure.faults.add(fault, path="(?i)/builds")
    [finding] = look()[0]
    assert grade == finding.grade
    assert finding.fix
