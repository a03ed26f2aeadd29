"""Azure Repos as our stand-in plays it, asked by the real client over real HTTP."""

from contextlib import contextmanager
from datetime import UTC, datetime

from fakes.azure_devops import AzureDevOps, serving
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.repositories.azure_repos import AzureRepository

PROJECT, NAME = "Churn 'n' co", "churn & more"
STATES = {"pending": "waiting", "succeeded": "success", "failed": "failure", "notApplicable": "neutral"}


class AzureReposWorld:
    """A repository in a project, both with names that an address must quote."""

    author = "ana@acme.example"
    neutral = "neutral"

    def __init__(self, azure):
        self.azure = azure
        azure.add_project(PROJECT)
        self.code = azure.add_repository(PROJECT, NAME)
        organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
            locations=KnownLocations(azure.url, azure.identity_url),
        )
        self.repository = AzureRepository(
            organization=organization, project=PROJECT, repository=NAME, clock=azure.clock
        )

    def person_opens(self, title, *, text="", paths=()):
        pull = self.azure.person_opens_pull(
            self.code, title, source=f"refs/heads/try{len(self.code.pulls) or ''}", description=text
        )
        pull.paths.extend(paths)
        return pull.id

    def person_pushes(self, number, *paths):
        pull = self.code.pulls[number]
        pull.paths.extend(path for path in paths if path not in pull.paths)
        return self.azure.person_pushes(self.code, pull.source)

    def person_builds_on(self, commit):
        return self.azure.person_builds_on(self.code, commit)

    def person_tags(self, name, commit):
        made = self.azure.new_commit()
        self.code.refs[f"refs/tags/{name}"] = made
        self.code.tag_objects[made] = commit

    def person_writes(self, number, path, text):
        return self.azure.person_pushes(self.code, self.code.pulls[number].source, files={path: text})

    def person_merges(self, path, text):
        self.azure.person_pushes(self.code, files={path: text})

    def person_ends(self, number, *, merged):
        self.azure.person_ends_pull(self.code.pulls[number], "completed" if merged else "abandoned")

    def person_comments(self, number, body):
        self.azure.clock.forward(seconds=1)
        self.azure.person_comments_on_pull(self.code.pulls[number], body)
        self.azure.clock.forward(seconds=1)

    def find_gate(self, number, gate):
        pull = self.code.pulls[number]
        commits = [commit for commit, _ in pull.iterations]
        found = [
            each
            for each in pull.statuses
            if f"{each['context']['genre']}/{each['context']['name']}" == gate.name
            and commits[each["iterationId"] - 1] == gate.commit
        ]
        return (STATES[found[-1]["state"]], found[-1]["description"]) if found else None

    def count_writes(self):
        return sum(asked.method not in {"GET", "OPTIONS"} for asked in self.azure.requests)

    def is_blocked(self, number):
        return any(thread.status == "active" for thread in self.code.pulls[number].threads)

    @contextmanager
    def outage(self):
        self.azure.is_down = True
        yield
        self.azure.is_down = False


@contextmanager
def open_world(request):
    clock = FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    with serving(AzureDevOps(clock)) as azure:
        world = AzureReposWorld(azure)
        yield world
        world.repository.close()
