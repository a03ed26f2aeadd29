"""The JSON of Azure Boards, as far as it is needed.

Source: "Work Item Tracking" and "Work" in the Azure DevOps Services REST API reference.
"""

from datetime import datetime

import msgspec

from trainboard.azure_devops.people import Author, Identity

ID = "System.Id"
TITLE = "System.Title"
TEXT = "System.Description"
STEPS = "Microsoft.VSTS.TCM.ReproSteps"
STATE = "System.State"
TYPE = "System.WorkItemType"
PROJECT = "System.TeamProject"
ITERATION = "System.IterationPath"
TAGS = "System.Tags"
ASSIGNEE = "System.AssignedTo"
SEVERITY = "Microsoft.VSTS.Common.Severity"
PRIORITY = "Microsoft.VSTS.Common.Priority"
POINTS = "Microsoft.VSTS.Scheduling.StoryPoints"
EFFORT = "Microsoft.VSTS.Scheduling.Effort"
SIZE = "Microsoft.VSTS.Scheduling.Size"
ESTIMATES = (POINTS, EFFORT, SIZE)
AREA = "System.AreaPath"
DELETED = "System.IsDeleted"
CREATOR = "System.CreatedBy"
CREATED_AT = "System.CreatedDate"
UPDATED_AT = "System.ChangedDate"
NEEDED = (
    TITLE,
    TEXT,
    STEPS,
    STATE,
    TYPE,
    PROJECT,
    ITERATION,
    TAGS,
    ASSIGNEE,
    CREATOR,
    CREATED_AT,
    UPDATED_AT,
)


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a work item; one that is empty does not come at all."""

    title: str = msgspec.field(name=TITLE)
    state: str = msgspec.field(name=STATE)
    type: str = msgspec.field(name=TYPE)
    project: str = msgspec.field(name=PROJECT)
    iteration: str = msgspec.field(name=ITERATION)
    created_at: datetime = msgspec.field(name=CREATED_AT)
    updated_at: datetime = msgspec.field(name=UPDATED_AT)
    creator: Author | None = msgspec.field(name=CREATOR, default=None)
    assignee: Identity | None = msgspec.field(name=ASSIGNEE, default=None)
    tags: str = msgspec.field(name=TAGS, default="")
    text: str = msgspec.field(name=TEXT, default="")
    steps: str = msgspec.field(name=STEPS, default="")
    priority: int | None = msgspec.field(name=PRIORITY, default=None)
    points: float | None = msgspec.field(name=POINTS, default=None)
    effort: float | None = msgspec.field(name=EFFORT, default=None)
    size: float | None = msgspec.field(name=SIZE, default=None)

    @property
    def estimate(self) -> float | None:
        """The effort, in whichever field the process keeps it."""
        said = (each for each in (self.points, self.effort, self.size) if each is not None)
        return next(said, None)


class Relation(msgspec.Struct, frozen=True):
    """A link from one work item to something."""

    rel: str
    url: str


class ItemJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A work item. `multiline_fields_format` is empty where only some fields were asked for.

    `text_field` of the methods is where items of this type keep their text: `TEXT` or `STEPS`.
    """

    id: int
    rev: int
    fields: Fields
    multiline_fields_format: dict[str, str] | None = None
    relations: list[Relation] = []

    def get_text(self, text_field: str) -> str:
        """The text as it is stored, empty if there is none."""
        return self.fields.steps if text_field == STEPS else self.fields.text

    def is_markdown(self, text_field: str) -> bool:
        """True if the service says that the text is Markdown; silence means HTML."""
        formats = self.multiline_fields_format or {}
        return formats.get(text_field, "").lower() == "markdown"


class Numbered(msgspec.Struct, frozen=True):
    """A work item that a query found."""

    id: int


class Found(msgspec.Struct, frozen=True, rename="camel"):
    """What a query answers."""

    work_items: list[Numbered] = []


class CommentJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A comment; a server that does not say its format speaks HTML."""

    id: int
    created_date: datetime
    modified_date: datetime | None = None
    text: str = ""
    format: str = "html"
    created_by: Identity | None = None
    is_deleted: bool = False

    @property
    def is_markdown(self) -> bool:
        """True if the service says so."""
        return self.format.lower() == "markdown"


class CommentsJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A page of comments."""

    comments: list[CommentJson] = []
    continuation_token: str | None = None


class Named(msgspec.Struct, frozen=True, rename="camel"):
    """A type of work items."""

    name: str
    is_disabled: bool = False


class StateJson(msgspec.Struct, frozen=True):
    """A state of a type; its category tells what it means in every process."""

    name: str
    category: str


class FieldName(msgspec.Struct, frozen=True, rename="camel"):
    """A field by its reference name."""

    reference_name: str


class TypeJson(msgspec.Struct, frozen=True, rename="camel"):
    """What a type of work items is made of."""

    states: list[StateJson] = []
    field_instances: list[FieldName] = []


class Level(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A level of the backlog."""

    default_work_item_type: Named | None = None
    work_item_types: list[Named] = []


class BacklogJson(msgspec.Struct, frozen=True, rename="camel"):
    """How the backlogs of a team are configured."""

    requirement_backlog: Level


class Days(msgspec.Struct, frozen=True, rename="camel"):
    """First and last day of an iteration, at midnight UTC."""

    start_date: datetime | None = None
    finish_date: datetime | None = None


class IterationJson(msgspec.Struct, frozen=True, kw_only=True):
    """An iteration of a team; `path` begins with the project."""

    id: str
    name: str
    path: str
    attributes: Days = Days()


class NodeJson(msgspec.Struct, frozen=True, kw_only=True):
    r"""A node in the project's tree of iterations; `path` is `\project\Iteration\name`."""

    identifier: str
    name: str
    path: str
    attributes: Days | None = None


class BacklogIteration(msgspec.Struct, frozen=True):
    r"""The iteration below which a team plans: `path` is empty for the project's root, else `\name`."""

    id: str
    path: str | None = None


class SettingsJson(msgspec.Struct, frozen=True, rename="camel"):
    """A team's settings."""

    backlog_iteration: BacklogIteration


class TeamFieldJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Which field tells a team's work items from another's, and the team's own value."""

    field: FieldName
    default_value: str
