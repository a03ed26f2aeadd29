"""What a GitHub holds: accounts, repositories, issues, comments, milestones."""

from dataclasses import dataclass, field
from datetime import datetime


class Refused(Exception):  # noqa: N818  it is an answer, no failure
    """The answer that GitHub gives instead of doing it."""

    def __init__(self, status, message, *, errors=(), headers=None):
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "documentation_url": "https://docs.github.com/rest"}
        self.headers = headers or {}
        if errors:
            self.body["errors"] = list(errors)


@dataclass(frozen=True)
class Actor:
    """Who asks: a user, or an App's bot."""

    login: str
    id: int
    app: "App | None" = None


@dataclass(frozen=True)
class App:
    """A GitHub App."""

    id: int
    slug: str
    client_id: str = "Iv23liTrainboard0001"


@dataclass
class Label:
    id: int
    name: str
    color: str = "ededed"


@dataclass
class Milestone:
    id: int
    number: int
    title: str
    creator: Actor
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    due_on: datetime | None = None
    state: str = "open"


@dataclass
class Comment:
    """`reactions` are the names of accounts with what they said."""

    id: int
    author: Actor
    body: str
    created_at: datetime
    updated_at: datetime
    reactions: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Issue:
    """An issue, or a pull request with its branch, its commits (the head last) and the paths that it changes.

    `files` are texts that it changes, None for what it removes; `trees` the same for each commit.

    `gone` is how it vanished: "deleted", or the address that it was transferred to.
    """

    id: int
    number: int
    title: str
    body: str | None
    author: Actor
    created_at: datetime
    updated_at: datetime
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    milestone: int | None = None
    type: str | None = None
    state: str = "open"
    reason: str | None = None
    closed_at: datetime | None = None
    parent: int | None = None
    is_pull: bool = False
    gone: str = ""
    comments: list[Comment] = field(default_factory=list)
    branch: str = "try"
    commits: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    files: dict[str, str | None] = field(default_factory=dict)
    trees: dict[str, dict[str, str | None]] = field(default_factory=dict)
    is_draft: bool = False
    is_locked: bool = False
    from_fork: bool = False
    merged_at: datetime | None = None


@dataclass
class CheckRun:
    """What an App says of a commit."""

    id: int
    name: str
    commit: str
    app: App
    started_at: datetime
    status: str = "queued"
    conclusion: str | None = None
    completed_at: datetime | None = None
    output: dict = field(default_factory=dict)
    details_url: str | None = None


@dataclass
class Status:
    """What anybody says of a commit; the latest of a context counts."""

    id: int
    commit: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    author: Actor
    at: datetime


@dataclass
class Artifact:
    """What a run left; `gone` is one that is listed and cannot be had any more.

    `head_repository` is the number of the fork that it was of, None for one that is gone, 0 for no fork.
    """

    id: int
    name: str
    run: int
    commit: str
    content: bytes
    created_at: datetime
    expired: bool = False
    gone: bool = False
    head_repository: int | None = 0


@dataclass
class Repository:
    """`push` is what the bot may do; `assignable` whom an issue can be given to; `files` those of `main`.

    `parents` maps commits to the ones before them, as far as somebody asks for that.
    """

    id: int
    name: str
    push: bool = True
    visible: bool = True
    has_issues: bool = True
    archived: bool = False
    renamed_to: str | None = None
    issues: dict[int, Issue] = field(default_factory=dict)
    events: list = field(default_factory=list)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    check_runs: list[CheckRun] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    artifacts: dict[int, Artifact] = field(default_factory=dict)
    ended_runs: set[int] = field(default_factory=set)
    workflows: dict = field(default_factory=dict)
    runs: list = field(default_factory=list)
    environments: dict = field(default_factory=dict)
    held: list = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    refs: tuple[str, ...] = ("main",)
    parents: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    types: tuple[str, ...] = ("Task", "Bug", "Feature")
    assignable: tuple[str, ...] = ("ana", "ben")


@dataclass
class HookDelivery:
    """An attempt to deliver by the App's hook; `gone` is one that is listed and cannot be read any more."""

    id: int
    guid: str
    event: str
    payload: dict | None
    status_code: int
    delivered_at: datetime
    redelivery: bool = False
    gone: bool = False
