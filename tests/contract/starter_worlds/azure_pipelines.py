"""Azure Pipelines as our stand-in plays it, asked by the real client over real HTTP."""

from contextlib import contextmanager
from datetime import UTC, datetime

from fakes.azure_devops import AzureDevOps, faults, serving
from fakes.clock import FakeClock
from fakes.pipelines import pipeline
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.pipelines.azure_pipelines.starting import AzurePipelinesStarter

PROJECT = "Churn 'n' co"


class AzurePipelinesWorld:
    """A pipeline with a parameter for our mark, in a project with a name that an address must quote."""

    tells_run = True

    def __init__(self, azure):
        self.azure = azure
        azure.add_project(PROJECT)
        self.code = azure.add_repository(PROJECT, "churn")
        self.definition = azure.add_definition(
            PROJECT, "retrain", self.code, parameters=("dataset", "dry_run", "trainboard")
        )
        organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
            locations=KnownLocations(azure.url, azure.identity_url),
        )
        self.organization = organization
        self.starter = AzurePipelinesStarter(organization=organization, project=PROJECT)
        self.pipeline = pipeline(
            "azure-pipeline",
            place=self.starter.name,
            target=str(self.definition.id),
            ref="refs/heads/main",
            skippable=("Deploy",),
        )

    @property
    def builds(self):
        return list(self.azure.find_project(PROJECT).builds.values())

    def now(self):
        return self.azure.clock()

    def list_started(self):
        return [
            {name: value for name, value in build.parameters.items() if name != "trainboard"}
            for build in self.builds
        ]

    def add_commit(self):
        pull = self.azure.person_opens_pull(self.code, "Try LightGBM", source="refs/heads/try")
        return pull.iterations[-1][0]

    def list_commits(self):
        return [None if set(build.commit) == {"0"} else build.commit for build in self.builds]

    def lose_answer(self):
        self.azure.faults.add(faults.close(), method="POST", path="runs", after_work=True)

    def breaks(self, how):
        if how == "gone":
            del self.azure.find_project(PROJECT).definitions[self.definition.id]
        elif how == "disabled":
            self.definition.queue_status = "disabled"
        else:
            self.definition.may_run = False

    @contextmanager
    def outage(self):
        self.azure.is_down = True
        yield
        self.azure.is_down = False


@contextmanager
def open_world(request):
    clock = FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    with serving(AzureDevOps(clock)) as azure:
        world = AzurePipelinesWorld(azure)
        yield world
        world.organization.close()
