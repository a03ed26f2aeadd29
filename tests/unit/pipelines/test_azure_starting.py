"""What is Azure Pipelines' own about starting a run."""

import pytest
from msgspec.structs import replace

from fakes.azure_devops import AzureDevOps
from fakes.clock import FakeClock
from fakes.pipelines import order, pipeline
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import PermanentError
from trainboard.pipelines.azure_pipelines.starting import AzurePipelinesStarter, QueuedJson
from trainboard.triggers import Parameter, RunName

PARAMETERS = (Parameter(name="dataset"), Parameter(name="seed", type="number", is_variable=True))


@pytest.fixture
def azure():
    """An organisation with a pipeline that takes a parameter and a variable."""
    with AzureDevOps(FakeClock()).running() as azure:
        azure.add_project("Churn", process="Basic", team="Churn ML")
        code = azure.add_repository("Churn", "churn")
        azure.pipeline = azure.add_definition(
            "Churn", "retrain", code, parameters=("dataset",), variables=("seed",)
        )
        yield azure


@pytest.fixture
def starter(azure):
    organization = Organization(
        url=azure.url,
        credential=TokenCredential(azure.token),
        budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
        clock=azure.clock,
    )
    yield AzurePipelinesStarter(organization=organization, project="Churn")
    organization.close()


def declared(azure, **fields):
    values = {"target": str(azure.pipeline.id), "marker": "", "ref": "refs/heads/topic"}
    return pipeline(
        "azure-pipeline", **values | {"parameters": PARAMETERS, "skippable": ("Deploy",)} | fields
    )


def test_parameters_variables_and_stages_go_where_they_belong(azure, starter):
    """On the branch that the operator named."""
    started = starter.start(order(declared(azure), dataset="2026-11", seed="7", skipped=("Deploy",)))
    [build] = azure.find_project("Churn").builds.values()
    assert ({"dataset": "2026-11"}, {"seed": "7"}) == (build.parameters, build.variables)
    assert ("refs/heads/topic", ["Build"]) == (build.branch, [stage.name for stage in build.stages])
    assert RunName("azure-pipelines:acme", str(build.id)) == started.name
    assert started.url.endswith(f"/Churn/_build/results?buildId={build.id}")


def test_without_a_mark_nothing_is_looked_for(azure, starter):
    """And nothing is proved."""
    of = declared(azure)
    starter.start(order(of))
    azure.requests.clear()
    assert None is starter.find(order(of), azure.clock())
    assert ([], False) == (azure.requests, starter.proves_absence(of))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"parameters": (Parameter(name="odd", default="x"),)}, "Unexpected parameter 'odd'"),
        (
            {"parameters": (Parameter(name="odd", default="x", is_variable=True),)},
            "You can't set the following variables",
        ),
    ],
)
def test_what_the_pipeline_does_not_declare_is_told(azure, starter, fields, words):
    """In the words of Azure Pipelines, and nothing is started."""
    with pytest.raises(PermanentError, match=words):
        starter.start(order(declared(azure, **fields)))
    assert {} == azure.find_project("Churn").builds


def test_a_mark_is_seen_wherever_it_stands():
    """As a parameter, as a variable, or in the name that the YAML gives to its runs."""
    plain = QueuedJson(id=1)
    assert not plain.carries("tb-1")
    assert replace(plain, template_parameters={"mark": "tb-1"}).carries("tb-1")
    assert replace(plain, parameters='{"mark": "tb-1"}').carries("tb-1")
    assert replace(plain, build_number="20261118.1 tb-1").carries("tb-1")
