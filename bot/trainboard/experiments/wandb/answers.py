"""Answers of W&B's GraphQL API, as far as reading needs them.

Source: wandb 0.31, `wandb/apis/public/runs.py` (fragment RunFragment) and `GetProjects`.
"""

from datetime import datetime

import msgspec
from msgspec import Struct


class _Answer(Struct, frozen=True, rename="camel"):
    pass


class User(_Answer, frozen=True):
    """Who started a run."""

    username: str | None = None


class Run(_Answer, frozen=True):
    """One run; `name` is its id, `config` and `summary_metrics` are JSON within a text."""

    name: str
    state: str
    display_name: str | None = None
    sweep_name: str | None = None
    group: str | None = None
    commit: str | None = None
    created_at: datetime | None = None
    heartbeat_at: datetime | None = None
    config: str | None = None
    summary_metrics: str | None = None
    tags: list[str] | None = None
    user: User | None = None


class PageInfo(_Answer, frozen=True):
    """Whether a page has a next one, and the cursor that leads there."""

    has_next_page: bool
    end_cursor: str | None = None


class RunEdge(_Answer, frozen=True):
    """A place in a page."""

    node: Run


class RunPage(_Answer, frozen=True):
    """Some runs of a project."""

    edges: list[RunEdge]
    page_info: PageInfo

    @property
    def runs(self) -> list[Run]:
        """The runs in their order."""
        return [edge.node for edge in self.edges]


class Project(_Answer, frozen=True):
    """A project, with what was asked of it."""

    runs: RunPage | None = None
    run: Run | None = None


class OneProject(_Answer, frozen=True):
    """A project; None if there is none that we may see."""

    project: Project | None


class NamedProject(_Answer, frozen=True):
    """A project in a list."""

    name: str


class ProjectEdge(_Answer, frozen=True):
    """A place in a page."""

    node: NamedProject


class ProjectPage(_Answer, frozen=True):
    """Some projects."""

    edges: list[ProjectEdge]
    page_info: PageInfo


class Projects(_Answer, frozen=True):
    """The projects of an entity; None if there is none that we may see."""

    models: ProjectPage | None


class Complaint(Struct, frozen=True):
    """What GraphQL has to say against a question."""

    message: str = ""


class Envelope(Struct, frozen=True):
    """Every answer: `data`, and what is wrong."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[Complaint] = []
