"""Where code and its pull requests live. Each module is one kind, all keep the contract in `Repository`."""

from typing import Protocol

import msgspec

from trainboard.model_tags import Tag
from trainboard.pull_requests import GateState, PullRequest
from trainboard.work_items import Comment

MOST_FILES = 3_000
MOST_TAGS = 10_000


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict on a commit that a platform can make required.

    `name` is `trainboard/…`, `summary` is Markdown, `title` one line, `url` of a page or empty. A platform
    that shows no summary leaves it out, and cuts a title that is too long for it.
    """

    name: str
    commit: str
    state: GateState
    title: str
    summary: str = ""
    url: str = ""


class ChangedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a pull request changes, as its head commit leaves it.

    `blob` names the content: the same name, the same content; empty where the platform tells none. `former`
    is the path that it has in the base, None where it is new.
    """

    path: str
    blob: str = ""
    former: str | None = None
    is_removed: bool = False


class Repository(Protocol):
    """One repository's pull requests; `name` is its full name, such as `github:acme/churn`.

    Raises (any method): as `trainboard.trackers.Tracker` says; DoubtError only from `create_comment`,
    `update_comment`, `describe` and `set_gate`.
    """

    name: str

    def get_pull_request(self, number: int) -> PullRequest:
        """The pull request as it stands now."""
        ...

    def describe(self, number: int, text: str) -> None:
        """Give the pull request another description. Doing it again changes nothing more."""
        ...

    def create_comment(self, number: int, body: str) -> Comment:
        """Add a comment that blocks nobody. Never repeated by itself."""
        ...

    def update_comment(self, number: int, comment_ref: str, body: str) -> Comment:
        """Replace the comment's text."""
        ...

    def list_comments(self, number: int) -> list[Comment]:
        """The pull request's comments, oldest first; whose they are is told by `ours`."""
        ...

    def list_files(self, number: int) -> list[ChangedFile]:
        """The files that the pull request changes, at most `MOST_FILES`."""
        ...

    def read_text(self, path: str, at: str, most_bytes: int) -> str:
        """The text of a file at a commit, or on a branch that is written `refs/heads/…`.

        A commit of a fork can be read as long as a pull request holds it. What is no UTF-8 is replaced. What
        is kept in Git LFS is the pointer to it.

        Raises:
            MissingError: there is no such file there, or nothing that is a file.
            OversizedError: it is larger than `most_bytes`.
        """
        ...

    def list_tags(self) -> list[Tag]:
        """Its tags with the commits that they lead to, at most `MOST_TAGS`."""
        ...

    def contains(self, commit: str, within: str) -> bool:
        """True if `commit` is `within` or lies in its history.

        Raises:
            MissingError: also where one of them is not there.
        """
        ...

    def set_gate(self, number: int, gate: Gate) -> None:
        """The gate of that name on that commit shows this state. Doing it again changes nothing more.

        Raises:
            MissingError: also where the pull request never was at that commit.
        """
        ...
