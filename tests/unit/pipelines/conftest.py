"""An organisation of Azure DevOps with a pipeline, and a reader of its runs."""

import pytest

from fakes.azure_devops import AzureDevOps
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.pipelines.azure_pipelines import AzurePipelinesReader

CODE = "azure-repos:acme/Churn/churn"


@pytest.fixture
def azure():
    """An organisation with a project, a repository, a pipeline and two environments."""
    with AzureDevOps(FakeClock()).running() as azure:
        azure.add_project("Churn", process="Basic", team="Churn ML")
        azure.repository = azure.add_repository("Churn", "churn")
        azure.pipeline = azure.add_definition("Churn", "ci", azure.repository)
        azure.staging = azure.add_environment("Churn", "staging")
        azure.production = azure.add_environment("Churn", "production", [azure.ana])
        yield azure


@pytest.fixture
def reader(azure):
    organization = Organization(
        url=azure.url,
        credential=TokenCredential(azure.token),
        budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
        clock=azure.clock,
    )
    yield AzurePipelinesReader(organization=organization, codes=[CODE.replace("churn", "Churn")])
    organization.close()


@pytest.fixture
def project(azure):
    return azure.find_project("Churn").id
