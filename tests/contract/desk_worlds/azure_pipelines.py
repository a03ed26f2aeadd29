"""An environment with an approval check, as our stand-in plays Azure DevOps, asked over real HTTP."""

from contextlib import contextmanager
from datetime import UTC, datetime

from fakes.azure_devops import AzureDevOps, faults, serving
from fakes.azure_devops.state import Identity
from fakes.clock import FakeClock
from trainboard.approvals import Person
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.pipelines.azure_pipelines.approving import AzureApprovalDesk
from trainboard.pull_requests import Approval

PROJECT = "Churn 'n' co"


class AzureWorld:
    """A stage that waits for Ana and the bot, of whom one is enough."""

    def __init__(self, azure):
        self.azure = azure
        azure.add_project(PROJECT)
        code = azure.add_repository(PROJECT, "churn")
        definition = azure.add_definition(PROJECT, "release", code)
        self.environment = azure.add_environment(PROJECT, "production", [azure.ana])
        build = azure.queue(definition, commit="c" * 40)
        self.waiting = azure.wait_for_approval(
            build, "Deploy", self.environment, [azure.ana, azure.bot], least=1
        )
        self.ana, self.ben = (
            Person(id=each.id.upper(), name=each.unique_name) for each in (azure.ana, azure.ben)
        )
        self.organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
            locations=KnownLocations(azure.url, azure.identity_url),
        )
        self.desk = AzureApprovalDesk(self.organization)
        self.approval = Approval(
            code="azure-repos:acme/Churn/churn",
            ref=self.waiting.id,
            state="pending",
            at=azure.now,
            run=str(build.id),
            environment="production",
            commit="c" * 40,
            desk=self.desk.name,
            project=azure.find_project(PROJECT).id,
        )

    def answers(self):
        return [(step.status, step.comment) for step in self.waiting.steps if step.actual]

    def puts_into_group(self, person, *, nested):
        leads = Identity("Leads", "leads", kind="group", members=frozenset([person.id.lower()]))
        self.azure.add_identity(leads)
        if nested:
            leads = Identity("All leads", "all leads", kind="group", members=frozenset([leads.id]))
            self.azure.add_identity(leads)
        self.waiting.steps[0].assigned = leads

    def forbids_own(self, person):
        self.waiting.blocked.append(self.azure.identities[person.id.lower()])

    def answered_elsewhere(self):
        self.azure.decide(self.waiting, "approved", self.azure.ana)

    def vanishes(self):
        self.azure.find_project(PROJECT).approvals.clear()

    def locks_us_out(self):
        del self.waiting.steps[1]

    def lose_answer(self):
        self.azure.faults.add(faults.close(), method="PATCH", path="approvals", after_work=True)

    @contextmanager
    def outage(self):
        self.azure.is_down = True
        yield
        self.azure.is_down = False


@contextmanager
def open_world(request):
    with serving(AzureDevOps(FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC)))) as azure:
        world = AzureWorld(azure)
        yield world
        world.organization.close()
