"""Comments on the issues and pull requests of one repository of GitHub.

Source: "REST API endpoints for issue comments", "… for reactions", "… for collaborators".
"""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

import msgspec

from trainboard.approvals import Person
from trainboard.comments import Hint, Reaction, Role, WrittenComment, find_hint
from trainboard.errors import MissingError
from trainboard.github.client import API_URL, Clock
from trainboard.github.comments import Comments
from trainboard.github.credentials import Credential, Place, open_client
from trainboard.github.repository import Repository
from trainboard.github.teams import check_team, is_member, is_team_name
from trainboard.github.values import Account, CommentJson, Writer, iso, to_number
from trainboard.grammar.lines import Markup
from trainboard.triggers import Origin
from trainboard.work_items import Comment

PERMISSIONS = {"issues": "write", "metadata": "read", "pull_requests": "write"}

_CONTENTS = {"seen": "eyes", "done": "+1", "refused": "confused"}
_ROLES = {
    "admin": Role.ADMIN,
    "maintain": Role.MAINTAIN,
    "push": Role.WRITE,
    "triage": Role.TRIAGE,
}
"""By what a person may, the strongest first; roles of an organisation's own are built on one of these."""
_LEVELS = {"admin": Role.ADMIN, "maintain": Role.MAINTAIN, "write": Role.WRITE, "triage": Role.TRIAGE}


class WrittenJson(CommentJson, frozen=True, kw_only=True):
    """A comment with its author, None where the account is gone; `issue_url` says on what it stands."""

    user: Writer | None = None
    issue_url: str = ""
    html_url: str = ""
    updated_at: datetime


class AbilitiesJson(msgspec.Struct, frozen=True):
    """What somebody may in a repository."""

    admin: bool = False
    maintain: bool = False
    push: bool = False
    triage: bool = False


class CollaboratorJson(msgspec.Struct, frozen=True):
    """Somebody, by their number."""

    id: int
    permissions: AbilitiesJson | None = None


class PermissionJson(msgspec.Struct, frozen=True):
    """What somebody may do; `permission` knows fewer levels than there are, `role_name` any name."""

    permission: str = ""
    role_name: str = ""
    user: CollaboratorJson | None = None


class GitHubConversation:
    """Keeps `trainboard.conversations.Conversation`; each method makes one call, lists one for a hundred.

    Args:
        repository: `owner/name`.
        credential: that of an App needs `PERMISSIONS`.
        teams: that of an App needs `trainboard.github.teams.PERMISSIONS`; used only where a rule names one.
        api_url: the API's root; an Enterprise server's ends with `/api/v3`.
        clock: the time now, aware.

    Raises:
        ValueError: `repository` is not of that form.
    """

    lists_written = True

    def __init__(
        self,
        *,
        repository: str,
        credential: Credential,
        teams: Credential,
        api_url: str = API_URL,
        clock: Clock,
    ) -> None:
        self.name = f"github:{repository}"
        self._place = Place(api_url=api_url, repository=repository, clock=clock)
        self._credential = credential
        self._client = open_client(credential, self._place)
        self._teams = open_client(teams, self._place)
        self._repository = Repository(repository, self._client, of_issues=False)
        self._comments = Comments(self._repository, self._account)

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self._client.close()
        self._teams.close()

    def read_comment(self, origin: Origin, comment: str) -> WrittenComment:
        """The comment, which must be on that item. GitHub does not tell here who edited it."""
        account, path = self._account(), _comment(comment)
        call = self._repository.call(f"read comment {comment} of {origin.ref}", path, thing=path)
        found = self._repository.send(call, WrittenJson)
        if found.user is None or found.issue_url.rpartition("/")[2] != origin.ref:
            raise MissingError(f"Comment {comment} is not on {origin.ref} of {self.name}.")
        return WrittenComment(
            ref=str(found.id),
            text=found.body,
            markup=Markup.MARKDOWN,
            author=Person(id=str(found.user.id), name=found.user.login),
            created_at=found.created_at,
            is_bot=found.user.type == "Bot",
            ours=account.made(found),
        )

    def find_role(self, origin: Origin, person: Person) -> Role:  # noqa: ARG002  the repository's
        """By what the person may; whose name belongs to somebody else by now is anyone."""
        found = self._read_permission(person)
        if found is None or found.user is None:
            return Role.ANYONE
        abilities = found.user.permissions
        if abilities is None:
            return _LEVELS.get(found.role_name) or _LEVELS.get(found.permission, Role.ANYONE)
        return next((role for name, role in _ROLES.items() if getattr(abilities, name)), Role.ANYONE)

    def is_in_team(self, origin: Origin, person: Person, team: str) -> bool:  # noqa: ARG002  the organisation's
        """Two calls: GitHub tells by the name, so that it is asked whose that is."""
        if not is_team_name(team):
            return False
        if is_member(self._teams, team, person.name):
            return self._read_permission(person) is not None
        check_team(self._teams, team)
        return False

    def check_team(self, team: str) -> bool:
        """One call."""
        if not is_team_name(team):
            return False
        check_team(self._teams, team)
        return True

    def _read_permission(self, person: Person) -> PermissionJson | None:
        """None for a stranger, and where the name belongs to somebody else by now."""
        path = f"/collaborators/{quote(person.name, safe='')}/permission"
        call = self._repository.call(f"see what {person.name} may do", path, thing=path)
        try:
            found = self._repository.send(call, PermissionJson)
        except MissingError:
            return None
        return found if found.user is not None and str(found.user.id) == person.id else None

    def react(self, origin: Origin, comment: str, reaction: Reaction) -> None:
        """GitHub keeps each reaction of one account once."""
        path = _comment(comment)
        call = self._repository.call(
            f"react to comment {comment} of {origin.ref}",
            f"{path}/reactions",
            method="POST",
            body={"content": _CONTENTS[reaction]},
            thing=path,
        )
        self._repository.send(call, msgspec.Raw)

    def list_answers(self, origin: Origin, since: datetime) -> Iterator[Comment]:
        """Those that changed since."""
        said = self._comments.list_since(to_number(origin.ref, "issue"), since)
        return (each for each in said if each.ours)

    def create_comment(self, origin: Origin, body: str) -> Comment:
        """Add a comment to the issue or the conversation of the pull request."""
        return self._comments.create(to_number(origin.ref, "issue"), body)

    def update_comment(self, origin: Origin, comment: str, body: str) -> None:
        """Replace the comment's text."""
        self._comments.update(to_number(origin.ref, "issue"), comment, body)

    def list_written(self, since: datetime) -> Iterator[Hint]:
        """Of all issues and pull requests together."""
        query = {"since": iso(since), "sort": "updated", "direction": "asc"}
        call = self._repository.call("list new comments", "/issues/comments", query=query)
        for each in self._repository.list_all(call, WrittenJson):
            is_untouched = each.created_at >= since and each.updated_at == each.created_at
            if is_untouched and (hint := self._hint(each)):
                yield hint

    def _hint(self, comment: WrittenJson) -> Hint | None:
        number = comment.issue_url.rpartition("/")[2]
        is_pull_request = f"/pull/{number}#" in comment.html_url
        origin = Origin(place=self.name, ref=number, is_pull_request=is_pull_request)
        return find_hint(
            origin, Comment(ref=str(comment.id), body=comment.body, created_at=comment.created_at)
        )

    def _account(self) -> Account:
        return self._credential.get_account(self._place, self._client)


def _comment(ref: str) -> str:
    return f"/issues/comments/{to_number(ref, 'comment')}"
