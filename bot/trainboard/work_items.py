"""Work items and sprints as a tracker shows them, in our words."""

from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.alerts import Severity
from trainboard.approvals import Person

ItemState = Literal["open", "closed"]
TrackedState = Literal["open", "closed", "gone"]
ClosedAs = Literal["done", "not planned"]
Progress = Literal["open", "started", "done", "cancelled"]
"""How far work on an item is; one that is started is open too."""

EXPERIMENT_LABEL = "tb:experiment"
BLOCKED_LABEL = "tb:blocked"
PART_LABEL = "tb:part"
REPORT_LABEL = "tb:report"
REFACTOR_LABEL = "tb:refactor"


class WorkItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item as it stands in its tracker.

    `ref` is the tracker's own number as text; `iteration` the ref of its sprint there; `ours`
    says that the account which the bot uses made it, `author` which person did: None where it was no person,
    or one who is gone. `closed_as` is None for one that is open, or where
    the tracker does not tell. `priority` is 1, the most urgent, to 4, `estimate` the effort in the team's
    unit; None where nobody said or a list does not tell.
    """

    ref: str
    title: str
    body: str
    state: ItemState
    url: str
    created_at: datetime
    updated_at: datetime
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    iteration: str | None = None
    type: str | None = None
    ours: bool = False
    author: Person | None = None
    closed_as: ClosedAs | None = None
    priority: int | None = None
    estimate: float | None = None


def is_plan(item: WorkItem) -> bool:
    """True if somebody else than the bot keeps it open as a plan of an experiment: it has the label."""
    labels = {label.casefold() for label in item.labels}
    return item.state == "open" and not item.ours and EXPERIMENT_LABEL in labels


class NewWorkItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item to be made, complete, in one call.

    `is_bug` makes it a bug where the tracker knows such a thing and no `type` is named. `severity` is kept
    where items have fields for it, `area` where they belong to areas; elsewhere both are left out.
    """

    title: str
    body: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    iteration: str | None = None
    type: str | None = None
    is_bug: bool = False
    severity: Severity | None = None
    area: str | None = None


class WorkItemChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; a field that is left out stays, `iteration=None` takes it out of its sprint.

    `closed_as` says how it ends, where `state` closes it and the tracker tells such ends apart.
    """

    title: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    state: ItemState | UnsetType = UNSET
    closed_as: ClosedAs = "done"
    severity: Severity | UnsetType = UNSET
    iteration: str | UnsetType | None = UNSET
    assignees: tuple[str, ...] | UnsetType = UNSET
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    priority: int | UnsetType = UNSET
    estimate: float | UnsetType | None = UNSET


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment on a work item; `ours` as in `WorkItem`."""

    ref: str
    body: str
    created_at: datetime
    ours: bool = False


class NewIteration(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint to be made or changed; both days are inclusive and local."""

    name: str
    start: date
    end: date
    description: str = ""


class TrackerIteration(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint as it stands in a tracker. A tracker without start dates answers None for `start`."""

    ref: str
    name: str
    start: date | None = None
    end: date | None = None
    description: str = ""
    open: bool = True
