"""Pull requests, what is said of their commits, and the work items that they belong to."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from trainboard.effects import (
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordPullRequest,
)
from trainboard.pull_requests import Approval, Check, Deployment, PullRequest
from trainboard.store import links
from trainboard.store.merged_values import MergedValues
from trainboard.store.models import Table
from trainboard.store.pull_request_models import (
    ApprovalRow,
    CheckRow,
    DeploymentRow,
    LinkedItemRow,
    PullRequestLinksRow,
    PullRequestRow,
)

PullRequestFact = RecordPullRequest | RecordCheck | RecordDeployment | RecordApproval | RecordLinks

_pull_requests = MergedValues(PullRequestRow, PullRequest, ("code", "number"))
_checks = MergedValues(CheckRow, Check, ("code", "commit", "name"))
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
        case _:
            return LinkedItemRow, links.is_about(fact)


def find(connection: Connection, code: str, number: int) -> PullRequest | None:
    """The pull request with that number."""
    mine = (PullRequestRow.code == code.casefold()) & (PullRequestRow.number == number)
    return next(iter(_pull_requests.list(connection, mine)), None)


def list_of_commit(connection: Connection, code: str, commit: str) -> Sequence[PullRequest]:
    """The pull requests whose head is `commit`, and those that became it when they were merged, by number."""
    told = (PullRequestRow.head == commit) | (PullRequestRow.merged_as == commit)
    found = _pull_requests.list(connection, (PullRequestRow.code == code.casefold()) & told)
    return sorted(found, key=lambda each: each.number)


def list_of_item(connection: Connection, tracker: str, ref: str) -> Sequence[PullRequest]:
    """The pull requests that belong to the work item, by repository and number."""
    linking = (
        select(PullRequestLinksRow.id)
        .join(LinkedItemRow, LinkedItemRow.links == PullRequestLinksRow.id)
        .where(LinkedItemRow.ref == ref, PullRequestLinksRow.tracker == tracker)
        .where(PullRequestLinksRow.code == PullRequestRow.code)
        .where(PullRequestLinksRow.number == PullRequestRow.number)
    )
    found = _pull_requests.list(connection, linking.exists())
    return sorted(found, key=lambda each: (each.code, each.number))


def list_checks(connection: Connection, code: str, commit: str) -> Sequence[Check]:
    """The checks of the commit, each as its latest attempt stands, by name."""
    mine = (CheckRow.code == code.casefold()) & (CheckRow.commit == commit)
    return sorted(_checks.list(connection, mine), key=lambda each: each.name)


def list_deployments(connection: Connection, code: str, commit: str) -> Sequence[Deployment]:
    """The deployments of the commit, the one told of last at the end."""
    mine = (DeploymentRow.code == code.casefold()) & (DeploymentRow.commit == commit)
    return sorted(_deployments.list(connection, mine), key=lambda each: (each.at, each.ref))


def list_approvals(connection: Connection, code: str, commit: str) -> Sequence[Approval]:
    """The approvals that something of the commit waits or waited for, the one told of last at the end."""
    mine = (ApprovalRow.code == code.casefold()) & (ApprovalRow.commit == commit)
    return sorted(_approvals.list(connection, mine), key=lambda each: (each.at, each.ref))
