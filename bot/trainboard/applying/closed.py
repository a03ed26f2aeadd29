"""Places that take no writes: what shall be true there is let go, until they take writes again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from trainboard.effects import (
    AdoptPlan,
    AnnounceApproval,
    AnswerComment,
    AskRefactoring,
    CarryExperimentItem,
    EditItem,
    Effect,
    EndExperiment,
    EndIteration,
    EnsureExperimentItem,
    EnsureIteration,
    EnsureMention,
    EnsurePullRequestStatus,
    EnsureQueuedGate,
    EnsureRefactoring,
    EnsureReport,
    MakePart,
    ReadPlan,
    ShowGoal,
    SuggestPlan,
    TellMilestones,
)
from trainboard.facts import RecordRepository
from trainboard.policy import Project
from trainboard.store import repository_states
from trainboard.store.database import Database

DOUBTED_AFTER = timedelta(days=1)
"""After so long one write is tried: what opened the place again may not have been told."""


def name_place(effect: Effect, projects: Mapping[str, Project]) -> str | None:
    """The repository or tracker that the effect writes to, None for one that writes to no such place."""
    match effect:
        case EnsurePullRequestStatus() | EnsureQueuedGate():
            return effect.code
        case AnswerComment() | EditItem() | MakePart() | SuggestPlan():
            is_of_code = effect.origin.is_pull_request
            return effect.origin.place if is_of_code else projects[effect.project].tracker
        case EnsureMention():
            return projects[effect.project].code
        case (
            EnsureReport(target="tracker")
            | EnsureExperimentItem()
            | TellMilestones()
            | CarryExperimentItem()
            | EndExperiment()
            | AnnounceApproval()
            | AdoptPlan()
            | ReadPlan()
        ):
            return projects[effect.project].tracker
        case EnsureIteration() | EndIteration() | ShowGoal() | AskRefactoring() | EnsureRefactoring():
            return projects[effect.project].tracker
        case _:
            return None


def is_closed(place: str, database: Database, now: datetime) -> bool:
    """True if the place was archived, turned off or deleted within the last day."""
    with database.read() as connection:
        closed_at = repository_states.find_closed(connection, place)
    return closed_at is not None and now - closed_at < DOUBTED_AFTER


def note_closed(place: str, database: Database, now: datetime) -> None:
    """The place refused a write, because it can only be read."""
    with database.write() as connection:
        repository_states.record(connection, RecordRepository(code=place, state="read-only", at=now))
