"""Azure Boards of Azure DevOps Services as our stand-in plays it, asked by the real client over real HTTP."""

from contextlib import contextmanager
from datetime import UTC, datetime

from fakes.azure_devops import AzureDevOps, serving
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.trackers.azure_boards import AzureBoardsTracker

PROJECT, TEAM = "Churn 'n' co", "Churn & ML"


class AzureBoardsWorld:
    """A project of process Agile with one team, and a token that may write."""

    assignee = "ana@acme.example"
    can_nest = True
    knows_people = True
    tells_changes = True

    def __init__(self, azure, process, locations=None):
        self.azure = azure
        azure.add_project(PROJECT, process=process, team=TEAM)
        organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
            locations=locations,
        )
        self.tracker = AzureBoardsTracker(
            organization=organization, project=PROJECT, team=TEAM, clock=azure.clock
        )

    def pass_time(self):
        self.azure.clock.forward(seconds=1)
        return self.azure.now

    def list_titles(self):
        return [item.title for item in self.azure.items.values()]

    def person_opens(self, title, *, label):
        return str(self.azure.person_creates(PROJECT, title, System_Tags=label).id)

    def person_edits(self, ref, body):
        self.azure.person_describes(ref, body)

    def person_closes(self, ref):
        self.azure.person_closes(ref)

    def person_gives_up(self, ref):
        self.azure.person_removes(ref)

    def person_labels(self, ref, label):
        self.azure.person_tags(ref, label)

    def person_comments(self, ref, body):
        self.azure.person_comments(ref, body)

    def person_renames(self, iteration, name):
        nodes = self.azure.find_project(PROJECT).iterations.walk()
        next(node for node in nodes if node.identifier == iteration).name = name

    @contextmanager
    def outage(self):
        self.azure.is_down = True
        yield
        self.azure.is_down = False


@contextmanager
def open_world(request):
    clock = FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    with serving(AzureDevOps(clock)) as azure:
        locations = KnownLocations(azure.url, azure.identity_url)
        world = AzureBoardsWorld(azure, "Agile", locations)
        yield world
        world.tracker.close()
