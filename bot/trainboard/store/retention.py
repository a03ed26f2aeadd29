"""Rows that are kept no longer. They go in small batches, so that nobody who writes waits long."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from trainboard.deliveries import CLOCK_SOURCE, DeliveryState
from trainboard.effects import CHORES
from trainboard.policy import Keep
from trainboard.pull_requests import DeploymentState
from trainboard.report.schedules import FINAL
from trainboard.store import (
    log,
    pull_requests,
    servings,
)
from trainboard.store.alert_models import (
    EpisodeRow,
    MomentRow,
    ProblemRow,
)
from trainboard.store.command_models import CommandRow
from trainboard.store.history_models import ItemHistoryRow
from trainboard.store.link_models import (
    PullRequestCommitRow,
    ToldLinkRow,
)
from trainboard.store.models import (
    DeliveryBodyRow,
    DeliveryRow,
    EffectCauseRow,
    EffectRow,
    EventRow,
    GapRow,
    MailboxRow,
    SpentTokenRow,
)
from trainboard.store.pull_request_models import (
    ApprovalRow,
    CheckRow,
    ContainedCommitRow,
    DecisionRow,
    DeploymentRow,
    NotebookReviewRow,
    PullRequestLinksRow,
    PullRequestRow,
    PullRequestStatusRow,
    QueuedCommitRow,
    ResultsRow,
    WaiverRow,
)
from trainboard.store.refactoring_models import RefactoringRow
from trainboard.store.registry_models import AliasMoveRow, ServingRow
from trainboard.store.report_models import ReportRow
from trainboard.store.session_models import SessionRow, SpentStateRow
from trainboard.store.trigger_models import TriggerRow

_Old = tuple[str, InstrumentedAttribute[Any], ColumnElement[bool]]


class Heap(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one kind that are kept no longer: `key` tells them apart, `is_old` tells which they are."""

    name: str
    key: InstrumentedAttribute[Any]
    is_old: ColumnElement[bool]

    def list_keys(self, connection: Connection, after: Any, limit: int) -> Sequence[Any]:
        """The first `limit` keys, or those after the key `after`."""
        rest = () if after is None else (self.key > after,)
        query = select(self.key).where(self.is_old, *rest).order_by(self.key).limit(limit)
        return connection.execute(query).scalars().all()

    def remove(self, connection: Connection, keys: Sequence[Any]) -> int:
        """Remove those of the rows that are still old; answers how many.

        PostgreSQL has many writers: a row that one of them holds just now stays for the next time.
        """
        free = select(self.key).where(self.key.in_(keys), self.is_old).correlate(None)
        gone = delete(self.key.class_).where(self.key.in_(free.with_for_update(skip_locked=True)))
        return connection.execute(gone).rowcount


def list_heaps(keep: Keep, now: datetime) -> tuple[Heap, ...]:
    """What may go, in an order in which nothing goes that what stays still needs.

    A delivery stays as long as an effect that it asked for. An applied effect stays as long as a dead
    one of its key: it shows that the failure was made up for. What was deployed last stays, and so do
    open pull requests with the checks and results of their heads, and where aliases and endpoints stand now.
    Runs, and what happened to items that ever were in a sprint, stay: reports of any sprint are made of them.
    """
    dead = (EffectRow.state == "dead") & (EffectRow.applied_at < now - keep.dead)
    effects = (
        ("dead effects", EffectRow.id, dead),
        ("chores", EffectRow.id, _applied_before(now - keep.ticks) & EffectRow.kind.in_(CHORES)),
        ("effects", EffectRow.id, _applied_before(now - keep.done)),
    )
    deliveries = (
        ("bodies", DeliveryBodyRow.delivery, _of_delivery(_ended(DeliveryState.DONE, now - keep.bodies))),
        ("ticks", DeliveryRow.id, _unneeded(now - keep.ticks) & (DeliveryRow.source == CLOCK_SOURCE)),
        ("deliveries", DeliveryRow.id, _unneeded(now - keep.done)),
        ("dead deliveries", DeliveryRow.id, _ended(DeliveryState.DEAD, now - keep.dead)),
    )
    others = (
        ("triggers", TriggerRow.key, TriggerRow.at < now - keep.done),
        ("gaps", GapRow.id, GapRow.found_at < now - keep.done),
        ("spent tokens", SpentTokenRow.token, SpentTokenRow.until < now),
        ("sessions", SessionRow.id, SessionRow.until < now),
        ("spent states", SpentStateRow.state, SpentStateRow.until < now),
        ("mailboxes", MailboxRow.name, MailboxRow.wake_at.is_(None) & MailboxRow.owner.is_(None)),
    )
    return tuple(
        Heap(name=name, key=key, is_old=is_old)
        for name, key, is_old in (
            *effects,
            *deliveries,
            *_of_code(keep, now),
            *_of_models(keep, now),
            *_of_alerts(keep, now),
            *_of_the_past(keep, now),
            *others,
        )
    )


def _of_code(keep: Keep, now: datetime) -> tuple[_Old, ...]:
    return (
        ("approvals", ApprovalRow.id, ApprovalRow.at < now - keep.done),
        ("decisions", DecisionRow.key, DecisionRow.at < now - keep.done),
        ("deployments", DeploymentRow.id, (DeploymentRow.at < now - keep.done) & ~_is_deployed()),
        ("checks", CheckRow.id, (CheckRow.at < now - keep.done) & ~_is_of_open(CheckRow)),
        ("results", ResultsRow.id, (ResultsRow.at < now - keep.done) & ~_is_of_open(ResultsRow)),
        ("pull requests", PullRequestRow.id, _closed_before(now - keep.done)),
        (
            "links",
            PullRequestLinksRow.id,
            (PullRequestLinksRow.at < now - keep.done) & ~_is_known(PullRequestLinksRow),
        ),
        ("heads", PullRequestCommitRow.id, ~_is_known(PullRequestCommitRow)),
        ("told links", ToldLinkRow.id, (ToldLinkRow.at < now - keep.done) & ~_is_told_of()),
        ("merge queues", QueuedCommitRow.id, QueuedCommitRow.at < now - keep.done),
        ("commits within others", ContainedCommitRow.id, ContainedCommitRow.at < now - keep.done),
        ("shown", PullRequestStatusRow.id, ~_is_known(PullRequestStatusRow)),
        ("notebooks", NotebookReviewRow.id, ~_is_known(NotebookReviewRow)),
        ("waivers", WaiverRow.id, ~_is_known(WaiverRow)),
        (
            "refactorings",
            RefactoringRow.id,
            (RefactoringRow.state != "open") & (RefactoringRow.changed_at < now - keep.dead),
        ),
    )


def _of_models(keep: Keep, now: datetime) -> tuple[_Old, ...]:
    return (
        ("alias moves", AliasMoveRow.id, (AliasMoveRow.at < now - keep.done) & ~servings.is_newest()),
        ("servings", ServingRow.id, (ServingRow.at < now - keep.done) & ~servings.is_standing()),
    )


def _of_alerts(keep: Keep, now: datetime) -> tuple[_Old, ...]:
    over = (EpisodeRow.firing.is_(False)) & (EpisodeRow.ended_at < now - keep.done)
    return (
        ("alerts", EpisodeRow.id, over | _is_forgotten(now - keep.dead)),
        ("moments", MomentRow.id, MomentRow.at < now - keep.dead),
        ("problems", ProblemRow.id, (ProblemRow.last_seen_at < now - keep.dead) & _has_no_alerts()),
    )


def _of_the_past(keep: Keep, now: datetime) -> tuple[_Old, ...]:
    untold = EventRow.delivery.is_(None) & (EventRow.recorded_at < now - keep.done)
    ended = (ReportRow.state != "watched") & (ReportRow.ended_at < now - keep.done)
    return (
        ("events", EventRow.id, untold & (EventRow.subject != log.MOVES)),
        ("reports", ReportRow.key, ended & ~_is_final()),
        ("commands", CommandRow.key, CommandRow.at < now - keep.commands),
        ("unplanned items", ItemHistoryRow.id, _is_never_planned(now - keep.dead)),
    )


def _is_final() -> ColumnElement[bool]:
    """True for the report at the end of a sprint, as its key says: where it is kept, it is due for long."""
    return ReportRow.key.contains(f"/{FINAL}/", autoescape=True)


def _is_never_planned(before: datetime) -> ColumnElement[bool]:
    """True for what happened to an item that was in no sprint, and of which nothing was heard since."""
    other = aliased(ItemHistoryRow)
    mine = (other.project == ItemHistoryRow.project) & (other.item == ItemHistoryRow.item)
    matters = exists().where(mine, other.planned | (other.noted_at >= before)).correlate(ItemHistoryRow)
    return (ItemHistoryRow.noted_at < before) & ~matters


def _applied_before(before: datetime) -> ColumnElement[bool]:
    dead = aliased(EffectRow)
    failed = exists().where(dead.key == EffectRow.key, dead.state == "dead").correlate(EffectRow)
    return (EffectRow.state == "applied") & (EffectRow.applied_at < before) & ~failed


def _unneeded(before: datetime) -> ColumnElement[bool]:
    asked = exists().where(EffectCauseRow.delivery == DeliveryRow.id).correlate(DeliveryRow)
    return _ended(DeliveryState.DONE, before) & ~asked


def _ended(state: DeliveryState, before: datetime) -> ColumnElement[bool]:
    return (DeliveryRow.state == state) & (DeliveryRow.finished_at < before)


def _of_delivery(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(DeliveryRow.id == DeliveryBodyRow.delivery, condition).correlate(DeliveryBodyRow)


def _is_deployed() -> ColumnElement[bool]:
    return (DeploymentRow.state == DeploymentState.SUCCEEDED) & ~pull_requests.is_outdated()


def _is_of_open(table: type[CheckRow] | type[ResultsRow]) -> ColumnElement[bool]:
    mine = (PullRequestRow.code == table.code) & (PullRequestRow.head == table.commit)
    return exists().where(mine, PullRequestRow.state == "open").correlate(table)


def _closed_before(before: datetime) -> ColumnElement[bool]:
    return (PullRequestRow.state != "open") & (PullRequestRow.at < before)


def _is_told_of() -> ColumnElement[bool]:
    """True for what was told of a pull request that is known; its repository may be left out."""
    mine = (PullRequestRow.code == ToldLinkRow.code) | PullRequestRow.code.startswith(ToldLinkRow.code + "/")
    return exists().where(PullRequestRow.number == ToldLinkRow.number, mine).correlate(ToldLinkRow)


def _is_forgotten(before: datetime) -> ColumnElement[bool]:
    """True for an alert that was never told to be over, of a problem that nobody tells of any more."""
    mine = (ProblemRow.key == EpisodeRow.problem) & (ProblemRow.state != "open")
    return exists().where(mine, ProblemRow.last_seen_at < before).correlate(EpisodeRow)


def _has_no_alerts() -> ColumnElement[bool]:
    """Also for a storm: it is told of with its last member."""
    return ~exists().where(EpisodeRow.problem == ProblemRow.key).correlate(ProblemRow)


def _is_known(
    table: type[PullRequestLinksRow]
    | type[PullRequestStatusRow]
    | type[PullRequestCommitRow]
    | type[NotebookReviewRow]
    | type[WaiverRow],
) -> ColumnElement[bool]:
    mine = (PullRequestRow.code == table.code) & (PullRequestRow.number == table.number)
    return exists().where(mine).correlate(table)
