"""Where code and its pull requests live. Each module is one kind, all keep the contract in `Repository`."""

from typing import Protocol

import msgspec

from trainboard.pull_requests import GateState, PullRequest
from trainboard.work_items import Comment

MOST_PATHS = 3_000


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

    def list_paths(self, number: int) -> list[str]:
        """The paths of the files that the pull request changes, at most `MOST_PATHS`."""
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
