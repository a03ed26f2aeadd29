"""Pull requests, what is said of their commits, and the work items that they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Select, exists, select, tuple_, union_all
from sqlalchemy.orm import aliased

from trainboard.facts import (
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordPullRequest,
    RecordResults,
)
from trainboard.pull_requests import (
    Approval,
    Check,
    Deployment,
    DeploymentState,
    PullRequest,
    list_answered,
    list_current,
    silent_from,
)
from trainboard.store import links, results
from trainboard.store.merged_values import MergedValues
from trainboard.store.models import Table
from trainboard.store.pull_request_models import (
    ApprovalRow,
    CheckRow,
    DeploymentRow,
    LinkedItemRow,
    PullRequestLinksRow,
    PullRequestRow,
    ResultsRow,
)

PullRequestFact = (
    RecordPullRequest | RecordCheck | RecordDeployment | RecordApproval | RecordResults | RecordLinks
)

_pull_requests = MergedValues(PullRequestRow, PullRequest, ("code", "number"))
_checks = MergedValues(CheckRow, Check, ("code", "commit", "suite", "name"))
_deployments = MergedValues(DeploymentRow, Deployment, ("code", "ref"))
_approvals = MergedValues(ApprovalRow, Approval, ("code", "ref"))


def record(connection: Connection, fact: PullRequestFact) -> None:
    """Merge what was said into what is known."""
    match fact:
        case RecordPullRequest():
            _pull_requests.record(connection, fact.pull_request)
        case RecordCheck():
            _checks.record(connection, fact.check)
        case RecordDeployment():
            _deployments.record(connection, fact.deployment)
        case RecordApproval():
            _approvals.record(connection, fact.approval)
        case RecordResults():
            results.merged.record(connection, fact.results)
        case _:
            links.record(connection, fact)


def rows_of(fact: PullRequestFact) -> tuple[type[Table], ColumnElement[bool]]:
    """The rows that `fact` is about."""
    match fact:
        case RecordPullRequest():
            return PullRequestRow, _pull_requests.is_about(fact.pull_request)
        case RecordCheck():
            return CheckRow, _checks.is_about(fact.check)
        case RecordDeployment():
            return DeploymentRow, _deployments.is_about(fact.deployment)
        case RecordApproval():
            return ApprovalRow, _approvals.is_about(fact.approval)
        case RecordResults():
            return ResultsRow, results.merged.is_about(fact.results)
        case _:
            return LinkedItemRow, links.is_about(fact)


def move(connection: Connection, old: str, new: str) -> bool:
    """Let what was said of the repository `old` be said of `new`; False if there is nothing to be changed.

    Nothing is changed where something is known of `new`.
    """
    kinds = (_pull_requests, _checks, _deployments, _approvals, results.merged)
    if any(kind.knows(connection, new) for kind in kinds):
        return False
    return sum(kind.move(connection, old, new) for kind in kinds) > 0


def find(connection: Connection, code: str, number: int) -> PullRequest | None:
    """The pull request with that number."""
    mine = (PullRequestRow.code == code.casefold()) & (PullRequestRow.number == number)
    return next(iter(_pull_requests.list(connection, mine)), None)


def list_open(connection: Connection, code: str) -> Sequence[PullRequest]:
    """The open pull requests of the repository, by number."""
    mine = (PullRequestRow.code == code.casefold()) & (PullRequestRow.state == "open")
    return sorted(_pull_requests.list(connection, mine), key=lambda each: each.number)


def list_of_commit(connection: Connection, code: str, commit: str) -> Sequence[PullRequest]:
    """The pull requests whose head is `commit`, and those that became it when they were merged, by number."""
    mine = PullRequestRow.code == code.casefold()
    # Written out, because SQLite finds no index for a disjunction inside of a conjunction.
    told = (mine & (PullRequestRow.head == commit)) | (mine & (PullRequestRow.merged_as == commit))
    found = _pull_requests.list(connection, told)
    return sorted(found, key=lambda each: each.number)


def list_of_item(connection: Connection, tracker: str, ref: str) -> Sequence[PullRequest]:
    """The pull requests that belong to the work item, by repository and number."""
    linking = (
        select(PullRequestLinksRow.code, PullRequestLinksRow.number)
        .join(LinkedItemRow, LinkedItemRow.links == PullRequestLinksRow.id)
        .where(LinkedItemRow.ref == ref, PullRequestLinksRow.tracker == tracker)
    )
    linked = tuple_(PullRequestRow.code, PullRequestRow.number).in_(linking)
    found = _pull_requests.list(connection, linked)
    return sorted(found, key=lambda each: (each.code, each.number))


def list_checks(connection: Connection, code: str, commit: str) -> Sequence[Check]:
    """The checks of the commit that count, each as its latest attempt stands, by name."""
    current = list_current(_list_all_checks(connection, code, commit))
    return sorted(current, key=lambda each: (each.name, each.suite))


def list_silent(connection: Connection, now: datetime) -> Sequence[tuple[PullRequest, datetime]]:
    """Pull requests that show a check that went silent, each with when the last of them did.

    The checks are those of an open one's head, and of the commit that a merged one became.
    See `trainboard.pull_requests.tell_silent`.
    """
    shown: dict[int, list[Check]] = defaultdict(list)
    for number, said in connection.execute(_CHECKS_SHOWN):
        shown[number].append(_checks.decode(said))
    silent = {number: _last_silent(checks, now) for number, checks in shown.items()}
    since = {number: at for number, at in silent.items() if at is not None}
    return [
        (pull_request, at)
        for number, at in since.items()
        for pull_request in _pull_requests.list(connection, PullRequestRow.id == number)
    ]


def _last_silent(checks: Iterable[Check], now: datetime) -> datetime | None:
    return max((at for at in map(silent_from, list_current(checks)) if at <= now), default=None)


def _checks_shown(state: str, commit: Any) -> Select[int, str]:
    """The checks that pull requests in that state show; apart, for SQLite finds no index for both."""
    shown = (CheckRow.code == PullRequestRow.code) & (CheckRow.commit == commit)
    query = select(PullRequestRow.id, CheckRow.document).join(CheckRow, shown)
    return query.where(PullRequestRow.state == state)


_CHECKS_SHOWN = union_all(
    _checks_shown("open", PullRequestRow.head), _checks_shown("merged", PullRequestRow.merged_as)
)


def list_deployments(connection: Connection, code: str, commit: str) -> Sequence[Deployment]:
    """The deployments of the commit, the one told of last at the end.

    One that succeeded is replaced when a later one in its environment succeeds, if anybody says so or not,
    and rolled back if what stands there now had stood there before it.
    """
    mine = (DeploymentRow.code == code.casefold()) & (DeploymentRow.commit == commit)
    outdated, undone = mine & is_outdated(), _is_undone()
    found = [
        *_deployments.list(connection, mine & ~is_outdated()),
        *(replace(each, state=_REPLACED) for each in _deployments.list(connection, outdated & ~undone)),
        *(replace(each, state=_ROLLED_BACK) for each in _deployments.list(connection, outdated & undone)),
    ]
    return sorted(found, key=lambda each: (each.at, each.ref))


def find_deployed(connection: Connection, code: str, environment: str) -> str | None:
    """The commit that stands in the environment, None where nobody told of one."""
    there = (DeploymentRow.code == code.casefold()) & (DeploymentRow.environment == environment)
    succeeded = there & (DeploymentRow.state == DeploymentState.SUCCEEDED)
    query = select(DeploymentRow.commit).where(succeeded).order_by(DeploymentRow.at.desc()).limit(1)
    commit: str | None = connection.execute(query).scalar()
    return commit


_REPLACED, _ROLLED_BACK = DeploymentState.REPLACED, DeploymentState.ROLLED_BACK


def is_outdated() -> ColumnElement[bool]:
    """True for a deployment that succeeded, and after it another one in the same environment."""
    later = aliased(DeploymentRow)
    same = (later.code == DeploymentRow.code) & (later.environment == DeploymentRow.environment)
    succeeded = (later.state == DeploymentState.SUCCEEDED) & (later.at > DeploymentRow.at)
    after = exists().where(same, succeeded).correlate(DeploymentRow)
    return (DeploymentRow.state == DeploymentState.SUCCEEDED) & after


def _is_undone() -> ColumnElement[bool]:
    """True for a deployment whose environment now holds a commit that it had held before."""
    now, later, before = aliased(DeploymentRow), aliased(DeploymentRow), aliased(DeploymentRow)
    overtaken = exists().where(_is_there(later, now), later.at > now.at).correlate(now)
    known = exists().where(
        before.code == DeploymentRow.code,
        before.environment == DeploymentRow.environment,
        before.state.in_([DeploymentState.SUCCEEDED, DeploymentState.REPLACED]),
        before.commit == now.commit,
        before.at < DeploymentRow.at,
    )
    stands = exists().where(
        _is_there(now, DeploymentRow),
        now.at > DeploymentRow.at,
        now.commit != DeploymentRow.commit,
        ~overtaken,
        known.correlate(now, DeploymentRow),
    )
    return stands.correlate(DeploymentRow)


def _is_there(one: type[DeploymentRow], other: type[DeploymentRow]) -> ColumnElement[bool]:
    """True if `one` succeeded in the environment of `other`."""
    succeeded = one.state == DeploymentState.SUCCEEDED
    return (one.code == other.code) & (one.environment == other.environment) & succeeded


def list_approvals(connection: Connection, code: str, commit: str) -> Sequence[Approval]:
    """The approvals that something of the commit waits or waited for, the one told of last at the end.

    One that nobody gave before its run ended has timed out.
    """
    mine = (ApprovalRow.code == code.casefold()) & (ApprovalRow.commit == commit)
    found = list_answered(_approvals.list(connection, mine), _list_all_checks(connection, code, commit))
    return sorted(found, key=lambda each: (each.at, each.ref))


def list_all_deployments(connection: Connection, code: str) -> Sequence[Deployment]:
    """Every deployment of the repository as senders told of it, in no order."""
    return _deployments.list(connection, DeploymentRow.code == code.casefold())


def list_all_approvals(connection: Connection, code: str) -> Sequence[Approval]:
    """Every approval of the repository, in no order; one that nobody gave in time has timed out."""
    found = _approvals.list(connection, ApprovalRow.code == code.casefold())
    awaited = {each.commit for each in found if each.state == "pending"}
    told = (CheckRow.code == code.casefold()) & CheckRow.commit.in_(awaited)
    return list_answered(found, _checks.list(connection, told) if awaited else ())


def list_deployed(connection: Connection, code: str) -> Sequence[PullRequest]:
    """The merged pull requests whose head or merge commit was deployed, in no order."""
    deployed = select(DeploymentRow.commit).where(DeploymentRow.code == code.casefold())
    merged = (PullRequestRow.code == code.casefold()) & (PullRequestRow.state == "merged")
    told = PullRequestRow.head.in_(deployed) | PullRequestRow.merged_as.in_(deployed)
    return _pull_requests.list(connection, merged & told)


def _list_all_checks(connection: Connection, code: str, commit: str) -> list[Check]:
    return _checks.list(connection, (CheckRow.code == code.casefold()) & (CheckRow.commit == commit))
