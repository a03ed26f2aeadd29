"""GitHub's JSON, as far as all who ask it need it.

Source: "REST API endpoints for issue comments", "… for repositories", "… for users".
"""

from datetime import UTC, datetime

import msgspec

from trainboard.errors import MissingError
from trainboard.work_items import Comment


class User(msgspec.Struct, frozen=True):
    """Who did something."""

    login: str


class Writer(User, frozen=True, kw_only=True):
    """Who wrote something."""

    id: int
    type: str = "User"


class App(msgspec.Struct, frozen=True):
    """The App by which something was done."""

    id: int
    client_id: str | None = None


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody made; `user` is None where the account is gone."""

    user: User | None = None
    performed_via_github_app: App | None = None


class CommentJson(Made, frozen=True, kw_only=True):
    """A comment."""

    id: int
    created_at: datetime
    body: str = ""


class RepositoryJson(msgspec.Struct, frozen=True, kw_only=True):
    """The repository itself."""

    full_name: str
    has_issues: bool = True


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are at GitHub.

    Where both are None, GitHub does not tell (the token of a workflow may not ask): then everything
    counts as ours, and the MAC in the marker alone decides.
    """

    login: str | None = None
    app_id: str | None = None

    def made(self, thing: Made) -> bool:
        """True if we made `thing`, as far as can be told."""
        via = thing.performed_via_github_app
        if self.app_id is not None and via is not None:
            return self.app_id in {str(via.id), via.client_id}
        if self.login is None:
            return self.app_id is None
        return thing.user is not None and thing.user.login.casefold() == self.login.casefold()


def to_number(ref: str, what: str) -> int:
    """A ref as GitHub's number.

    Raises:
        MissingError: it is none; the text comes from a person or from another tracker.
    """
    if not (ref.isascii() and ref.isdigit()):
        raise MissingError(f"There is no {what} {ref!r} at GitHub: its numbers have digits only.")
    return int(ref)


def to_comment(comment: CommentJson, *, ours: bool) -> Comment:
    """The comment in our words."""
    return Comment(ref=str(comment.id), body=comment.body, created_at=comment.created_at, ours=ours)


def iso(moment: datetime) -> str:
    """A moment as GitHub writes it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
