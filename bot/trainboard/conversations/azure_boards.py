"""Comments on the work items of one project in Azure Boards.

Azure Boards asks for no role to comment: who is in one of the teams that plan there may write, and who
administers one is an administrator. Permissions in the project are not looked at.

Source: "Work Item Tracking", "Comments" and "Comments Reactions" of the Azure DevOps Services REST API
reference.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from trainboard.approvals import Person
from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.commanders import Commanders
from trainboard.azure_devops.ids import to_id
from trainboard.azure_devops.locations import name_organization
from trainboard.azure_devops.people import Author, Identity, is_by
from trainboard.comments import Hint, Reaction, WrittenComment
from trainboard.errors import MissingError
from trainboard.grammar.lines import Markup
from trainboard.trackers import Tracker
from trainboard.triggers import Origin
from trainboard.work_items import Comment

_KINDS = {"seen": "like", "done": "hooray", "refused": "confused"}


class CommentJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A comment; `version` counts its texts. A server that does not say its format speaks HTML."""

    id: int
    created_date: datetime
    version: int = 1
    text: str = ""
    format: str = "html"
    created_by: Author
    modified_by: Identity | None = None
    is_deleted: bool = False


class AzureBoardsConversation(Commanders):
    """Keeps `trainboard.conversations.Conversation`. Who we are costs one call more once a day.

    Args:
        organization: shared by all that live there.
        project: the project's name.
        teams: the teams whose members may command, of which each is asked in turn.
        tracker: writes comments there.
        clock: the time now, aware.
    """

    lists_written = False

    def __init__(
        self,
        *,
        organization: Organization,
        project: str,
        teams: Sequence[str],
        tracker: Tracker,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(organization, project, teams, clock)
        self.name = f"azure-boards:{name_organization(organization.url)}/{project}"
        self._tracker = tracker

    def read_comment(self, origin: Origin, comment: str) -> WrittenComment:
        """One call."""
        item, number = to_id(origin.ref, "work item"), to_id(comment, "comment")
        thing = f"comment {comment} of work item {origin.ref}"
        found = self._organization.read(
            Call(doing=f"read {thing} in {self._project}", thing=thing),
            lambda to: to.work_item_tracking.get_comment(self._project, item, number),
            CommentJson,
        )
        if found.is_deleted:
            raise MissingError(f"There is no {thing} in {self._project} any more.")
        editor = found.modified_by if found.version > 1 else None
        return WrittenComment(
            ref=str(found.id),
            text=found.text,
            markup=Markup.MARKDOWN if found.format.lower() == "markdown" else Markup.HTML,
            author=Person(id=found.created_by.id, name=found.created_by.unique_name),
            created_at=found.created_date,
            is_bot=found.created_by.is_service,
            ours=is_by(found.created_by, self._me.get()),
            editor=editor.id if editor else None,
        )

    def react(self, origin: Origin, comment: str, reaction: Reaction) -> None:
        """Azure Boards has no eyes: 👍 says seen, 🎉 done and 😕 refused."""
        item, number = to_id(origin.ref, "work item"), to_id(comment, "comment")
        thing = f"comment {comment} of work item {origin.ref}"
        self._organization.ask(
            Call(doing=f"react to {thing} in {self._project}", writes=True, thing=thing),
            lambda to: to.work_item_tracking.create_comment_reaction(
                self._project, item, number, _KINDS[reaction]
            ),
        )

    def list_answers(self, origin: Origin, since: datetime) -> Iterator[Comment]:
        """Those that changed since."""
        return (each for each in self._tracker.list_comments(origin.ref, since=since) if each.ours)

    def create_comment(self, origin: Origin, body: str) -> Comment:
        """Add a comment to the work item."""
        return self._tracker.create_comment(origin.ref, body)

    def update_comment(self, origin: Origin, comment: str, body: str) -> None:
        """Replace the comment's text."""
        self._tracker.update_comment(origin.ref, comment, body)

    def list_written(self, since: datetime) -> Iterator[Hint]:
        """Nothing: what hooks did not tell is found by the look behind them."""
        del since
        return iter(())
