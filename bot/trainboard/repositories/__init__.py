"""Where code and its pull requests live. Each module is one kind, all keep the contract in `Repository`."""

from typing import Protocol

import msgspec

from trainboard.pull_requests import GateState, PullRequest
from trainboard.work_items import Comment


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict on a commit that a platform can make required. `summary` is Markdown, `title` one line."""

    name: str
    commit: str
    state: GateState
    title: str
    summary: str = ""
    url: str = ""


class Repository(Protocol):
    """One repository's pull requests.

    Raises (any method): as `trainboard.trackers.Tracker` says.
    """

    name: str

    def get_pull_request(self, number: int) -> PullRequest:
        """The pull request as it stands now."""
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
        """The paths of the files that the pull request changes, at most 3,000."""
        ...

    def set_gate(self, number: int, gate: Gate) -> None:
        """The gate of that name on that commit shows this state. Doing it again changes nothing more."""
        ...
