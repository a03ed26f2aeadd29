"""Comments on a pull request of Azure Repos, asked by the real client over real HTTP."""

from contextlib import contextmanager
from datetime import UTC, datetime

from fakes.azure_devops import AzureDevOps, serving
from fakes.azure_worlds import PROJECT, AzureConversationWorld
from fakes.clock import FakeClock
from trainboard.conversations.azure_repos import AzureReposConversation
from trainboard.repositories.azure_repos import AzureRepository
from trainboard.triggers import Origin

NAME = "churn & more"


class AzureReposWorld(AzureConversationWorld):
    """A pull request on which Ana writes."""

    reactions = ("done",)

    def __init__(self, azure):
        super().__init__(azure)
        code = azure.add_repository(PROJECT, NAME)
        self.conversation = AzureReposConversation(
            organization=self.organization,
            project=PROJECT,
            repository=NAME,
            teams=[self.planners.name],
            writer=AzureRepository(
                organization=self.organization, project=PROJECT, repository=NAME, clock=azure.clock
            ),
            clock=azure.clock,
        )
        self.pull = azure.person_opens_pull(code, "Widen the trees", source="refs/heads/wide")
        self.other = azure.person_opens_pull(code, "Another", source="refs/heads/other")
        self.origin = Origin(
            place=f"azure-repos:acme/{PROJECT}/{NAME}", ref=str(self.pull.id), is_pull_request=True
        )

    def writes(self, text, *, elsewhere=False):
        pull = self.other if elsewhere else self.pull
        thread = self.azure.person_comments_on_pull(pull, text)
        return f"{thread.id}/{thread.comments[-1].id}"

    def service_writes(self, text):
        thread = self.azure.person_comments_on_pull(self.pull, text, who=self.service)
        return f"{thread.id}/{thread.comments[-1].id}"

    def edits(self, comment, text):
        self.azure.clock.forward(seconds=5)
        found = self._find(comment)
        found.content, found.changed_at = text, self.azure.now

    def deletes(self, comment):
        self._find(comment).is_deleted = True

    def reactions_of(self, comment):
        return ["done"] if self._find(comment).likes == {self.azure.bot.id} else []

    def _find(self, ref):
        thread, number = ref.split("/")
        comments = next(each.comments for each in self.pull.threads if str(each.id) == thread)
        return next(each for each in comments if str(each.id) == number)


@contextmanager
def open_world(request):
    with serving(AzureDevOps(FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC)))) as azure:
        world = AzureReposWorld(azure)
        yield world
        world.organization.close()
