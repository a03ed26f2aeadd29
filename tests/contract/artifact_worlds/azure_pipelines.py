"""Azure Pipelines as our stand-in plays it, asked by the real client."""

from contextlib import contextmanager

from contract.artifact_worlds import COMMIT
from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.artifacts import publish
from fakes.azure_devops.faults import Fault
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.pipelines.azure_pipelines import AzurePipelinesReader
from trainboard.pipelines.azure_pipelines.artifacts import AzureArtifacts

PROJECT = "Churn 'n' co"


class AzurePipelinesWorld:
    """Runs of a pipeline in a project with a name that an address must quote."""

    def __init__(self, azure):
        self.azure = azure
        azure.add_project(PROJECT)
        self.definition = azure.add_definition(PROJECT, "train", azure.add_repository(PROJECT, "churn"))
        self.organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
        )
        self.artifacts = AzureArtifacts(self.organization)
        self._reader = AzurePipelinesReader(
            organization=self.organization, codes=[f"azure-repos:acme/{PROJECT}/churn"]
        )

    def run(self):
        build = self.azure.queue(self.definition, commit=COMMIT)
        self.azure.finish_build(build)
        told = [each for part in self._reader.read_run(PROJECT, build.id) for each in part]
        [run] = [each.run for each in told if hasattr(each, "run")]
        return run

    def leave(self, run, name, content, *, gone=False):
        publish(self.azure, self._builds[run.run], name, content, gone=gone)

    def forget(self, run):
        del self._builds[run.run]
        return run

    def asked(self):
        return len(self.azure.calls())

    def break_next(self):
        self.azure.faults.add(Fault(status=503, body="down"))

    @property
    def _builds(self):
        return self.azure.find_project(PROJECT).builds


@contextmanager
def open_world(request):
    """A world of Azure Pipelines."""
    with AzureDevOps(FakeClock()).running() as azure:
        world = AzurePipelinesWorld(azure)
        yield world
        world.organization.close()
