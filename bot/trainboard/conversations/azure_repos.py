"""Comments on the pull requests of one repository in Azure Repos. A comment's ref is `thread/comment`.

Source: "Git", "Pull Request Thread Comments" and "Pull Request Comment Likes" of the Azure DevOps Services
REST API reference.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from trainboard.approvals import Person
from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.commanders import Commanders
from trainboard.azure_devops.ids import to_id
from trainboard.azure_devops.people import Author, is_by
from trainboard.comments import Hint, Reaction, WrittenComment
from trainboard.errors import MissingError
from trainboard.grammar.lines import Markup
from trainboard.repositories import Repository
from trainboard.triggers import Origin
from trainboard.work_items import Comment

_REF = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")


class CommentJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A comment in a thread; `comment_type` tells those of people and bots from those of the system."""

    id: int
    published_date: datetime
    author: Author
    last_content_updated_date: datetime | None = None
    content: str | None = None
    comment_type: str = ""
    is_deleted: bool = False


class AzureReposConversation(Commanders):
    """Keeps `trainboard.conversations.Conversation`. Who we are costs one call more once a day.

    Args:
        organization: shared by all that live there.
        project: the project's name.
        repository: the repository's name.
        teams: the teams whose members may command, of which each is asked in turn; none: the default one.
        writer: writes comments there.
        clock: the time now, aware.
    """

    lists_written = False

    def __init__(
        self,
        *,
        organization: Organization,
        project: str,
        repository: str,
        teams: Sequence[str],
        writer: Repository,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(organization, project, teams, clock)
        self.name = writer.name
        self._repository = repository
        self._writer = writer

    def read_comment(self, origin: Origin, comment: str) -> WrittenComment:
        """One call. Only its author can edit a comment in Azure Repos."""
        thread, number = _split(comment)
        thing = f"comment {comment} of pull request {origin.ref}"
        found = self._organization.read(
            Call(doing=f"read {thing} of {self._repository} in {self._project}", thing=thing),
            lambda to: to.git.get_comment(
                self._repository, _number(origin.ref), thread, number, self._project
            ),
            CommentJson,
        )
        if found.is_deleted or found.comment_type.lower() == "system":
            raise MissingError(f"There is no {thing} of {self._repository} any more.")
        is_edited = found.last_content_updated_date not in {None, found.published_date}
        return WrittenComment(
            ref=comment,
            text=found.content or "",
            markup=Markup.MARKDOWN,
            author=Person(id=found.author.id, name=found.author.unique_name),
            created_at=found.published_date,
            is_bot=found.author.is_service,
            ours=is_by(found.author, self._me.get()),
            editor=found.author.id if is_edited else None,
        )

    def react(self, origin: Origin, comment: str, reaction: Reaction) -> None:
        """Azure Repos knows a like and nothing else: it says that all is done."""
        if reaction != "done":
            return
        thread, number = _split(comment)
        thing = f"comment {comment} of pull request {origin.ref}"
        self._organization.ask(
            Call(doing=f"like {thing} of {self._repository} in {self._project}", writes=True, thing=thing),
            lambda to: to.git.create_like(
                self._repository, _number(origin.ref), thread, number, self._project
            ),
        )

    def list_answers(self, origin: Origin, since: datetime) -> Iterator[Comment]:
        """All of ours there."""
        del since
        return (each for each in self._writer.list_comments(_number(origin.ref)) if each.ours)

    def create_comment(self, origin: Origin, body: str) -> Comment:
        """Add a thread that is closed: it blocks nobody."""
        return self._writer.create_comment(_number(origin.ref), body)

    def update_comment(self, origin: Origin, comment: str, body: str) -> None:
        """Replace the comment's text."""
        self._writer.update_comment(_number(origin.ref), comment, body)

    def list_written(self, since: datetime) -> Iterator[Hint]:
        """Nothing: what hooks did not tell is found by the look behind them."""
        del since
        return iter(())


def _split(ref: str) -> tuple[int, int]:
    match = _REF.fullmatch(ref)
    if match is None:
        raise MissingError(f"There is no comment {ref!r} in Azure Repos: it is no thread/comment.")
    return int(match[1]), int(match[2])


def _number(ref: str) -> int:
    return to_id(ref, "pull request", "Azure Repos")
