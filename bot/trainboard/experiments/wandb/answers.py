"""Answers of W&B's GraphQL API, as far as reading needs them.

Source: wandb 0.31, `wandb/apis/public/runs.py` (fragment RunFragment) and `GetProjects`.
"""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

Node = TypeVar("Node")


class WandbAnswer(Struct, frozen=True, rename="camel"):
    """How W&B writes names."""


class User(WandbAnswer, frozen=True):
    """Who started a run."""

    username: str | None = None


class Run(WandbAnswer, frozen=True):
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


class PageInfo(WandbAnswer, frozen=True):
    """Whether a page has a next one, and the cursor that leads there."""

    has_next_page: bool
    end_cursor: str | None = None


class Edge(WandbAnswer, Generic[Node], frozen=True):
    """A place in a page."""

    node: Node


class PageOf(WandbAnswer, Generic[Node], frozen=True):
    """Some of many things."""

    edges: list[Edge[Node]]
    page_info: PageInfo

    @property
    def nodes(self) -> list[Node]:
        """The things in their order."""
        return [edge.node for edge in self.edges]


class Project(WandbAnswer, frozen=True):
    """A project, with what was asked of it."""

    runs: PageOf[Run] | None = None
    run: Run | None = None


class OneProject(WandbAnswer, frozen=True):
    """A project; None if there is none that we may see."""

    project: Project | None


class NamedProject(WandbAnswer, frozen=True):
    """A project in a list."""

    name: str


class Projects(WandbAnswer, frozen=True):
    """The projects of an entity; None if there is none that we may see."""

    models: PageOf[NamedProject] | None


class Complaint(Struct, frozen=True):
    """What GraphQL has to say against a question."""

    message: str = ""


class Envelope(Struct, frozen=True):
    """Every answer: `data`, and what is wrong."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[Complaint] = []
