"""Comments on a work item of Azure Boards, asked by the real client over real HTTP."""

from contextlib import contextmanager
from datetime import UTC, datetime

from fakes.azure_devops import AzureDevOps, serving
from fakes.azure_worlds import PROJECT, AzureConversationWorld
from fakes.clock import FakeClock
from trainboard.conversations.azure_boards import AzureBoardsConversation
from trainboard.trackers.azure_boards import AzureBoardsTracker
from trainboard.triggers import Origin

REACTIONS = {"like": "seen", "hooray": "done", "confused": "refused"}


class AzureBoardsWorld(AzureConversationWorld):
    """A work item on which Ana writes in the editor, which makes HTML of it."""

    reactions = ("seen", "done", "refused")

    def __init__(self, azure):
        super().__init__(azure)
        tracker = AzureBoardsTracker(
            organization=self.organization, project=PROJECT, team=self.planners.name, clock=azure.clock
        )
        self.conversation = AzureBoardsConversation(
            organization=self.organization,
            project=PROJECT,
            teams=[self.planners.name],
            tracker=tracker,
            clock=azure.clock,
        )
        self.item = azure.person_creates(PROJECT, "Try a wider tree")
        self.other = azure.person_creates(PROJECT, "Another")
        self.origin = Origin(place=f"azure-boards:acme/{PROJECT}", ref=str(self.item.id))

    def writes(self, text, *, elsewhere=False):
        item = self.other if elsewhere else self.item
        return str(self.azure.person_comments(item.id, _to_html(text)).id)

    def service_writes(self, text):
        return str(self.azure.person_comments(self.item.id, text, who=self.service).id)

    def edits(self, comment, text):
        self.azure.clock.forward(seconds=5)
        self.azure.person_edits_comment(self.item.id, int(comment), _to_html(text))

    def deletes(self, comment):
        self._find(comment).is_deleted = True

    def reactions_of(self, comment):
        kinds = self._find(comment).reactions
        return [word for kind, word in REACTIONS.items() if self.azure.bot.id in kinds.get(kind, ())]

    def _find(self, comment):
        return next(each for each in self.item.comments if str(each.id) == comment)


def _to_html(text):
    return "".join(f"<div>{line}<br></div>" for line in text.split("\n") if line)


@contextmanager
def open_world(request):
    with serving(AzureDevOps(FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC)))) as azure:
        world = AzureBoardsWorld(azure)
        yield world
        world.organization.close()
