"""GitHub's JSON, as far as it is needed, and what it means in our words.

Source: "REST API endpoints for issues", "… for milestones".
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from trainboard.approvals import Person
from trainboard.github.values import Made, User, Writer, to_number
from trainboard.grades import find_estimate, find_priority
from trainboard.work_items import ClosedAs, ItemState, NewIteration, NewWorkItem, TrackerIteration, WorkItem

BUG = "Bug"

# GitHub keeps the day of a due date as midnight of its own time zone, and shows it there.
GITHUB_TIME = ZoneInfo("America/Los_Angeles")


class Named(msgspec.Struct, frozen=True):
    """A label or an issue type."""

    name: str


class Numbered(msgspec.Struct, frozen=True):
    """The milestone of an issue."""

    number: int


class Addressed(msgspec.Struct, frozen=True):
    """An issue of which only its address in the API matters; it may be another repository's."""

    url: str


class IssueJson(Made, frozen=True, kw_only=True):
    """An issue, or a pull request, which the issues API lists too."""

    id: int
    number: int
    title: str
    state: ItemState
    html_url: str
    created_at: datetime
    updated_at: datetime
    labels: list[Named | str]
    body: str | None = None
    user: Writer | None = None
    assignees: tuple[User, ...] = ()
    milestone: Numbered | None = None
    type: Named | None = None
    state_reason: str | None = None
    pull_request: dict[str, object] | None = None


class MilestoneJson(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone."""

    number: int
    title: str
    state: ItemState
    description: str | None = None
    due_on: datetime | None = None


def to_item(issue: IssueJson, *, ours: bool) -> WorkItem:
    """The issue as a work item."""
    labels = tuple(label if isinstance(label, str) else label.name for label in issue.labels)
    return WorkItem(
        ref=str(issue.number),
        title=issue.title,
        body=issue.body or "",
        state=issue.state,
        url=issue.html_url,
        created_at=issue.created_at,
        updated_at=issue.updated_at,
        labels=labels,
        assignees=tuple(user.login for user in issue.assignees),
        iteration=str(issue.milestone.number) if issue.milestone else None,
        type=issue.type.name if issue.type else None,
        ours=ours,
        author=_to_person(issue.user),
        closed_as=_closed_as(issue),
        priority=find_priority(labels),
        estimate=find_estimate(labels),
    )


def _to_person(user: Writer | None) -> Person | None:
    return None if user is None or user.type == "Bot" else Person(id=str(user.id), name=user.login)


def _closed_as(issue: IssueJson) -> ClosedAs | None:
    if issue.state == "open" or issue.state_reason is None:
        return None
    return "done" if issue.state_reason == "completed" else "not planned"


def to_iteration(milestone: MilestoneJson) -> TrackerIteration:
    """The milestone as a sprint; it has no first day."""
    return TrackerIteration(
        ref=str(milestone.number),
        name=milestone.title,
        end=milestone.due_on.astimezone(GITHUB_TIME).date() if milestone.due_on else None,
        description=milestone.description or "",
        open=milestone.state == "open",
    )


def from_item(new: NewWorkItem) -> dict[str, object]:
    """The body of the request that makes an issue; what is not asked for is left out."""
    wanted = {
        "labels": list(new.labels),
        "assignees": list(new.assignees),
        "milestone": to_number(new.iteration, "milestone") if new.iteration else None,
        "type": new.type or (BUG if new.is_bug else None),
    }
    return {"title": new.title, "body": new.body} | {key: value for key, value in wanted.items() if value}


def from_iteration(new: NewIteration) -> dict[str, object]:
    """The body of the request that makes or changes a milestone."""
    return {"title": new.name, "description": new.description, "due_on": _due_on(new.end)}


def list_dropped(new: NewWorkItem, got: WorkItem) -> list[str]:
    """What was asked for and is not there. GitHub leaves out, without a word, what we may not set.

    Source: "REST API endpoints for issues", "Create an issue".
    """
    labels = {label.casefold() for label in got.labels}
    people = {login.casefold() for login in got.assignees}
    dropped = [f"label {name}" for name in new.labels if name.casefold() not in labels]
    dropped += [f"assignee {login}" for login in new.assignees if login.casefold() not in people]
    if new.iteration and new.iteration != got.iteration:
        dropped.append(f"milestone {new.iteration}")
    if new.type and new.type.casefold() != (got.type or "").casefold():
        dropped.append(f"type {new.type}")
    return dropped


def _due_on(day: date) -> str:
    return f"{day.isoformat()}T12:00:00Z"
