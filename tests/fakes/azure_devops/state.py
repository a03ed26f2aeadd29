"""What an organisation holds: people, projects, trees of areas and iterations, teams, work items."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

NAMESPACE = uuid.UUID("5f1d0c0a-8d52-4d7c-9b07-0f4b2f5e8a11")
NO_ID = "00000000-0000-0000-0000-000000000000"


def make_id(*parts):
    """A GUID that is the same in every run."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, parts))))


@dataclass(frozen=True)
class Identity:
    """A person, a group or a service principal; `members` are ids."""

    display_name: str
    unique_name: str
    kind: str = "user"
    is_active: bool = True
    members: frozenset[str] = frozenset()

    @property
    def id(self):
        return make_id("identity", self.unique_name)

    @property
    def descriptor(self):
        """The subject descriptor, which Graph and payloads name it by."""
        prefix = {"user": "aad", "group": "vssgp", "servicePrincipal": "aadsp"}[self.kind]
        return f"{prefix}.{make_id('descriptor', self.unique_name).replace('-', '')}"


@dataclass(eq=False)
class Node:
    """An area or an iteration; `structure` is `area` or `iteration`, `attributes` are dates."""

    id: int
    name: str
    structure: str
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    attributes: dict[str, datetime | None] = field(default_factory=dict)
    scope: str = ""

    @property
    def identifier(self):
        return make_id(self.structure, self.scope, self.id)

    @property
    def path(self):
        r"""As fields hold it: `Proj\Sprint 2`."""
        return self.name if self.parent is None else f"{self.parent.path}\\{self.name}"

    @property
    def node_path(self):
        r"""As nodes tell it: `\Proj\Iteration\Sprint 2`."""
        root, _, below = self.path.partition("\\")
        return "\\".join(["", root, self.structure.title(), *filter(None, [below])])

    def walk(self):
        """Itself and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, path):
        """The node at a path as fields hold it, None where there is none."""
        return next((node for node in self.walk() if node.path.casefold() == path.casefold()), None)


@dataclass(eq=False)
class Team:
    """`iterations` are the nodes it works in; `days_off` and `capacities` are by a node's identifier."""

    id: str
    name: str
    backlog_iteration: Node | None
    default_area: Node
    members: list[Identity] = field(default_factory=list)
    admins: set[str] = field(default_factory=set)
    iterations: list[Node] = field(default_factory=list)
    days_off: dict[str, list[tuple[date, date]]] = field(default_factory=dict)
    capacities: dict[str, list[dict]] = field(default_factory=dict)
    templates: dict[str, dict] = field(default_factory=dict)
    bugs_behavior: str = "asRequirements"
    working_days: tuple[str, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(eq=False)
class Project:
    """`tags` maps the folded name to the spelling that came first; `pages` are those of its wiki, if any."""

    id: str
    name: str
    process: "Process"  # noqa: F821  of processes.py
    areas: Node
    iterations: Node
    teams: dict[str, Team] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    github_connected: bool = False
    repositories: dict[str, object] = field(default_factory=dict)
    definitions: dict[int, object] = field(default_factory=dict)
    builds: dict[int, object] = field(default_factory=dict)
    approvals: dict[str, object] = field(default_factory=dict)
    environments: dict[int, object] = field(default_factory=dict)
    checks: list[dict] = field(default_factory=list)
    policies: list[dict] = field(default_factory=list)
    evaluations: dict[str, dict] = field(default_factory=dict)
    pages: dict[str, object] | None = None


@dataclass
class Relation:
    """`number` is the id of a resource link; links between work items have none."""

    rel: str
    url: str
    attributes: dict
    target: int | None = None


@dataclass
class Revision:
    """The whole item as it was from `at` on; `comment` is the number of the comment that made it."""

    rev: int
    fields: dict
    formats: dict[str, str]
    by: Identity
    at: datetime
    watermark: int
    relations: list[Relation]
    comment: int | None = None


@dataclass
class Update:
    """What one save changed: `fields` maps a name to its old and new value."""

    id: int
    rev: int
    by: Identity
    at: datetime
    fields: dict[str, tuple]
    added: list[Relation]
    removed: list[Relation]


@dataclass
class Comment:
    """`versions` are the texts before this one, oldest first."""

    id: int
    text: str
    format: str
    by: Identity
    created_at: datetime
    modified_at: datetime
    version: int = 1
    is_deleted: bool = False
    versions: list[str] = field(default_factory=list)
    reactions: dict[str, set[str]] = field(default_factory=dict)


@dataclass(eq=False)
class WorkItem:
    """`deleted_by` is None unless the item lies in the recycle bin."""

    id: int
    project: Project
    type: "ItemType"  # noqa: F821  of processes.py
    revisions: list[Revision] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    deleted_by: Identity | None = None
    deleted_at: datetime | None = None

    @property
    def rev(self):
        return self.revisions[-1].rev

    @property
    def fields(self):
        return self.revisions[-1].fields

    @property
    def title(self):
        return self.fields["System.Title"]

    @property
    def state(self):
        return self.fields["System.State"]

    @property
    def tags(self):
        return [tag for tag in self.fields.get("System.Tags", "").split("; ") if tag]
