"""The event log: what happened, never changed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert

from trainboard import events
from trainboard.events import (
    AlertsDue,
    AlertsListed,
    AlertsReported,
    ApprovalReported,
    CheckReported,
    CommentsDue,
    DeploymentReported,
    Event,
    HistoryDue,
    HooksDue,
    ModelServed,
    ParentChanged,
    PollDue,
    PullRequestChanged,
    PullRequestLinked,
    RecoveryDue,
    RemovalDue,
    ReportsDue,
    RepositoryMoved,
    RunReported,
    SilenceDue,
    SprintsDue,
    WorkItemChanged,
    WorkItemMoved,
)
from trainboard.pull_requests import Approval, Check, Deployment, PullRequest
from trainboard.store.models import EventRow

Told = PullRequest | Check | Deployment | Approval
MOVES = "repositories:moved"
"""The subject of all that tells of other names of repositories."""

_ELSEWHERE = (AlertsReported, AlertsListed)
"""What the history of problems tells, without saying it again as often as a sender repeats it."""

_TICKS = (
    PollDue,
    SprintsDue,
    RecoveryDue,
    HooksDue,
    SilenceDue,
    RemovalDue,
    AlertsDue,
    CommentsDue,
    HistoryDue,
    ReportsDue,
)


def append(connection: Connection, news: Iterable[tuple[Event, int]], now: datetime) -> None:
    """Add events, each with the number of its delivery; ticks of our own clock and alerts are left out."""
    rows = [
        _row(event, delivery, now) for event, delivery in news if not isinstance(event, _TICKS + _ELSEWHERE)
    ]
    if rows:
        connection.execute(_INSERT, rows)


_INSERT = insert(EventRow)


def forget(connection: Connection, delivery: int) -> None:
    """Take out the events of a delivery that is worked on anew, because it tells them anew."""
    connection.execute(delete(EventRow).where(EventRow.delivery == delivery))


def _row(event: Event, delivery: int, now: datetime) -> dict[str, object]:
    return {
        "kind": type(event).__name__,
        "subject": subject_of(event),
        "at": _time_of(event) or now,
        "recorded_at": now,
        "delivery": delivery,
        "document": events.encode(event).decode(),
    }


def subject_of(event: Event) -> str:
    """What the event is about, so that its history can be listed."""
    match event:
        case RunReported():
            return f"run:{event.report.source}/{event.report.run.id}"
        case RepositoryMoved():
            return MOVES
        case ModelServed():
            return f"serving:{event.serving.service}/{event.serving.ref}"
    if (item := _item_of(event)) is not None:
        return item
    if (told := _told_by(event)) is not None:
        return _subject_of_code(told)
    names = (getattr(event, name, None) for name in ("tracker", "door", "account", "code"))
    return f"{type(event).__name__}:{next(filter(None, names), '')}"


def _item_of(event: Event) -> str | None:
    match event:
        case WorkItemMoved():
            return f"item:{event.old_tracker}#{event.old_ref}"
        case WorkItemChanged() | ParentChanged() | PullRequestLinked():
            return f"item:{event.tracker}#{event.ref}"
    return None


def _subject_of_code(told: Told) -> str:
    code = told.code.casefold()
    match told:
        case PullRequest():
            return f"pull-request:{code}#{told.number}"
        case Check():
            return f"commit:{code}@{told.commit}"
        case _:
            return f"{type(told).__name__.lower()}:{code}/{told.ref}"


def _told_by(event: Event) -> Told | None:
    match event:
        case PullRequestChanged():
            return event.pull_request
        case CheckReported():
            return event.check
        case DeploymentReported():
            return event.deployment
        case ApprovalReported():
            return event.approval
    return None


def _time_of(event: Event) -> datetime | None:
    if isinstance(event, ModelServed):
        return event.serving.at
    if isinstance(event, RunReported):
        return event.report.run.ended_at or event.report.time or event.report.run.started_at or None
    return getattr(_told_by(event) or event, "at", None)
