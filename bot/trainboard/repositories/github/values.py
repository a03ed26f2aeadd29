"""GitHub's JSON of pull requests, check runs and statuses, as far as it is needed.

Source: "REST API endpoints for pull requests", "… for check runs", "… for commit statuses".
"""

from datetime import datetime
from typing import Literal

import msgspec

from trainboard.github.values import App, User
from trainboard.pull_requests import PullRequest
from trainboard.repositories import ChangedFile


class Numbered(msgspec.Struct, frozen=True):
    """A repository, by the number that stays when it is renamed."""

    id: int


class BranchJson(msgspec.Struct, frozen=True, kw_only=True):
    """One end of a pull request; `repo` is None where the fork is gone."""

    ref: str
    sha: str
    repo: Numbered | None = None


class PullRequestJson(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request; `user` is None where the account is gone."""

    number: int
    title: str
    state: Literal["open", "closed"]
    html_url: str
    updated_at: datetime
    head: BranchJson
    base: BranchJson
    body: str | None = None
    user: User | None = None
    draft: bool = False
    merged_at: datetime | None = None
    merge_commit_sha: str | None = None

    @property
    def from_fork(self) -> bool:
        """True if the branch is in another repository, or in none any more."""
        return self.head.repo is None or self.head.repo != self.base.repo


class TaggedJson(msgspec.Struct, frozen=True):
    """The commit that a tag leads to, also where another object is between the two."""

    sha: str


class TagJson(msgspec.Struct, frozen=True):
    """A tag."""

    name: str
    commit: TaggedJson


class ComparisonJson(msgspec.Struct, frozen=True):
    """How a commit stands to another one: `ahead`, `behind`, `identical` or `diverged`."""

    status: str


class FileJson(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a pull request changes, under its new name; `sha` is that of its content."""

    filename: str
    sha: str | None = None
    status: str = ""
    previous_filename: str | None = None


class ContentJson(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at a path; `content` is empty for files of more than a megabyte, and for what is none."""

    type: str
    size: int = 0
    encoding: str = ""
    content: str = ""


class OutputJson(msgspec.Struct, frozen=True):
    """What a check run says."""

    title: str | None = None
    summary: str | None = None


class CheckRunJson(msgspec.Struct, frozen=True, kw_only=True):
    """A check run; `conclusion` is None until it is completed."""

    id: int
    status: str
    conclusion: str | None = None
    details_url: str | None = None
    output: OutputJson = OutputJson()
    app: App | None = None


class CheckRunsJson(msgspec.Struct, frozen=True):
    """The check runs of a commit."""

    check_runs: list[CheckRunJson]


class StatusJson(msgspec.Struct, frozen=True, kw_only=True):
    """A status of a commit, among others of the same context."""

    context: str
    state: str
    description: str | None = None
    target_url: str | None = None


def to_changed_file(file: FileJson) -> ChangedFile:
    """The file in our words."""
    return ChangedFile(
        path=file.filename,
        blob=file.sha or "",
        former=None if file.status in {"added", "copied"} else file.previous_filename or file.filename,
        is_removed=file.status == "removed",
    )


def to_pull_request(code: str, pull: PullRequestJson) -> PullRequest:
    """The pull request in our words."""
    return PullRequest(
        code=code,
        number=pull.number,
        title=pull.title,
        state="merged" if pull.merged_at else pull.state,
        head=pull.head.sha,
        branch=pull.head.ref,
        base=pull.base.ref,
        at=pull.updated_at,
        url=pull.html_url,
        text=pull.body or "",
        author=pull.user.login if pull.user else "",
        draft=pull.draft,
        from_fork=pull.from_fork,
        merged_as=pull.merge_commit_sha if pull.merged_at else None,
    )
