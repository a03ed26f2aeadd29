"""Pull requests, what is said of their commits, and the work items that they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Select, exists, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from trainboard.approvals import LONGEST_WAIT
from trainboard.deployment_fates import judge_fates
from trainboard.facts import (
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordPullRequest,
    RecordQueued,
    RecordResults,
)
from trainboard.pull_requests import (
    Check,
    Deployment,
    DeploymentState,
    PullRequest,
    list_current,
    silent_from,
)
from trainboard.store import (
    approvals,
    contained_commits,
    item_links,
    links,
    merge_queues,
    results,
)
from trainboard.store.link_models import (
    PullRequestCommitRow,
)
from trainboard.store.merged_values import MergedValues
from trainboard.store.models import Table
from trainboard.store.pull_request_models import (
    ApprovalRow,
    CheckRow,
    ContainedCommitRow,
    DeploymentRow,
    LinkedItemRow,
    PullRequestRow,
    QueuedCommitRow,
    ResultsRow,
)

PullRequestFact = (
    RecordPullRequest
    | RecordCheck
    | RecordDeployment
    | RecordApproval
    | RecordResults
    | RecordLinks
    | RecordQueued
)

_pull_requests = MergedValues(PullRequestRow, PullRequest, ("code", "number"))
_checks = MergedValues(CheckRow, Check, ("code", "commit", "suite", "name"))
_deployments = MergedValues(DeploymentRow, Deployment, ("code", "ref"))


def record(connection: Connection, fact: PullRequestFact) -> None:
    """Merge what was said into what is known."""
    match fact:
        case RecordPullRequest():
            told = fact.pull_request
            item_links.note_head(connection, told.code, told.number, told.head, told.at)
            _pull_requests.record(connection, told)
        case RecordCheck():
            _checks.record(connection, fact.check)
        case RecordDeployment():
            _deployments.record(connection, fact.deployment)
        case RecordApproval():
            approvals.merged.record(connection, fact.approval)
        case RecordResults():
            results.merged.record(connection, fact.results)
        case RecordQueued():
            merge_queues.record(connection, fact)
        case _:
            links.record(connection, fact)


def rows_of(fact: PullRequestFact) -> tuple[type[Table], ColumnElement[bool]]:
    """The rows that `fact` is about."""
    rows: tuple[type[Table], ColumnElement[bool]]
    match fact:
        case RecordPullRequest():
            rows = PullRequestRow, _pull_requests.is_about(fact.pull_request)
        case RecordCheck():
            rows = CheckRow, _checks.is_about(fact.check)
        case RecordDeployment():
            rows = DeploymentRow, _deployments.is_about(fact.deployment)
        case RecordApproval():
            rows = ApprovalRow, approvals.merged.is_about(fact.approval)
        case RecordResults():
            rows = ResultsRow, results.merged.is_about(fact.results)
        case RecordQueued():
            rows = QueuedCommitRow, merge_queues.is_about(fact)
        case _:
            rows = LinkedItemRow, links.is_about(fact)
    return rows


def move(connection: Connection, old: str, new: str) -> bool:
    """Let what was said of the repository `old` be said of `new`; False if there is nothing to be changed.

    Nothing is changed where something is known of `new`.
    """
    kinds = (_pull_requests, _checks, _deployments, approvals.merged, results.merged)
    if any(kind.knows(connection, new) for kind in kinds):
        return False
    return sum(kind.move(connection, old, new) for kind in kinds) > 0


def find(connection: Connection, code: str, number: int) -> PullRequest | None:
    """The pull request with that number."""
    mine = (PullRequestRow.code == code.casefold()) & (PullRequestRow.number == number)
    return next(iter(_pull_requests.list(connection, mine)), None)


def list_numbered(connection: Connection, code: str, number: int) -> Sequence[PullRequest]:
    """Those with that number in the repository, or in all whose names begin with `code` and a slash."""
    folded = code.casefold()
    mine = (PullRequestRow.code == folded) | PullRequestRow.code.startswith(f"{folded}/", autoescape=True)
    found = _pull_requests.list(connection, (PullRequestRow.number == number) & mine)
    return sorted(found, key=lambda each: each.code)


def list_open(connection: Connection, code: str) -> Sequence[PullRequest]:
    """The open pull requests of the repository, by number."""
    mine = (PullRequestRow.code == code.casefold()) & (PullRequestRow.state == "open")
    return sorted(_pull_requests.list(connection, mine), key=lambda each: each.number)


def list_latest(connection: Connection, code: str, limit: int) -> Sequence[PullRequest]:
    """Those of the repository that changed last, in any order."""
    mine = PullRequestRow.code == code.casefold()
    latest = select(PullRequestRow.number).where(mine).order_by(PullRequestRow.at.desc()).limit(limit)
    return _pull_requests.list(connection, mine & PullRequestRow.number.in_(latest))


def list_page(
    connection: Connection, code: str, state: str, before: int | None, limit: int
) -> Sequence[PullRequest]:
    """The repository's pull requests, the highest number first, at most `limit`; `state` "" means all.

    `before` is the number above the first one of a page.
    """
    mine = PullRequestRow.code == code.casefold()
    if state:
        mine &= PullRequestRow.state == state
    if before is not None:
        mine &= PullRequestRow.number < before
    query = select(PullRequestRow.document).where(mine).order_by(PullRequestRow.number.desc()).limit(limit)
    return [_pull_requests.decode(document) for document in connection.execute(query).scalars()]


def list_of_commit(connection: Connection, code: str, commit: str) -> Sequence[PullRequest]:
    """The pull requests that have `commit` as their head, or became it merged or in a merge queue."""
    mine = PullRequestRow.code == code.casefold()
    queued = (QueuedCommitRow.code == code.casefold()) & (QueuedCommitRow.commit == commit)
    tried = PullRequestRow.number.in_(select(QueuedCommitRow.number).where(queued))
    # Written out, because SQLite finds no index for a disjunction inside of a conjunction.
    told = (mine & (PullRequestRow.head == commit)) | (mine & (PullRequestRow.merged_as == commit))
    told |= mine & tried
    found = _pull_requests.list(connection, told)
    return sorted(found, key=lambda each: each.number)


def list_that_were_at(connection: Connection, code: str, commit: str) -> Sequence[PullRequest]:
    """The pull requests whose head is or was `commit`, by number."""
    row = PullRequestCommitRow
    numbers = select(row.number).where(row.code == code.casefold(), row.commit == commit)
    found = _pull_requests.list(
        connection, (PullRequestRow.code == code.casefold()) & PullRequestRow.number.in_(numbers)
    )
    return sorted(found, key=lambda each: each.number)


def list_within(connection: Connection, code: str, commit: str) -> Sequence[PullRequest]:
    """Those of the commit, and those that became another one in its history, by number."""
    answers = contained_commits.get_answers(connection, code, commit)
    within = sorted(one for one, contained in answers.items() if contained)
    mine = (PullRequestRow.code == code.casefold()) & PullRequestRow.merged_as.in_(within)
    found = {each.number: each for each in list_of_commit(connection, code, commit)}
    found |= {each.number: each for each in (_pull_requests.list(connection, mine) if within else ())}
    return [found[number] for number in sorted(found)]


def list_of_item(connection: Connection, tracker: str, ref: str) -> Sequence[PullRequest]:
    """The pull requests that belong to the work item, by repository and number."""
    numbers = [
        each
        for each in item_links.list_candidates(connection, [(tracker, ref)])
        if (tracker, ref) in item_links.list_of(connection, *each)
    ]
    linked = tuple_(PullRequestRow.code, PullRequestRow.number).in_(numbers)
    found = _pull_requests.list(connection, linked) if numbers else []
    return sorted(found, key=lambda each: (each.code, each.number))


def list_checks(connection: Connection, code: str, commit: str) -> Sequence[Check]:
    """The checks of the commit that count, each as its latest attempt stands, by name."""
    current = list_current(_list_all_checks(connection, code, commit))
    return sorted(current, key=lambda each: (each.name, each.suite))


def list_silent(connection: Connection, now: datetime) -> Sequence[tuple[PullRequest, datetime]]:
    """Pull requests that show what went silent or got no answer, each with when the last of it did.

    The checks are those of an open one's head, and of the commit that a merged one became, the deployments
    those of either, and so are the approvals. See `trainboard.pull_requests.tell_silent`.
    """
    silent = defaultdict[int, list[datetime]](list)
    shown: dict[int, list[Check]] = defaultdict(list)
    for number, said in connection.execute(_CHECKS_SHOWN):
        shown[number].append(_checks.decode(said))
    for number, checks in shown.items():
        silent[number] += map(silent_from, list_current(checks))
    for number, said in connection.execute(_DEPLOYMENTS_SHOWN):
        silent[number].append(silent_from(_deployments.decode(said)))
    since = {number: [at for at in told if at <= now] for number, told in silent.items()}
    for number, asked_at in approvals.list_overdue(connection, now - LONGEST_WAIT):
        since.setdefault(number, []).append(asked_at + LONGEST_WAIT)
    return [
        (pull_request, max(told))
        for number, told in since.items()
        if told
        for pull_request in _pull_requests.list(connection, PullRequestRow.id == number)
    ]


def _checks_shown(state: str, commit: Any) -> Select[int, str]:
    """The checks that pull requests in that state show; apart, for SQLite finds no index for both."""
    shown = (CheckRow.code == PullRequestRow.code) & (CheckRow.commit == commit)
    query = select(PullRequestRow.id, CheckRow.document).join(CheckRow, shown)
    return query.where(PullRequestRow.state == state)


def _deployments_shown(commit: Any) -> Select[int, str]:
    """The deployments of that commit of pull requests that have not ended."""
    shown = (DeploymentRow.code == PullRequestRow.code) & (DeploymentRow.commit == commit)
    going = DeploymentRow.state.in_([DeploymentState.WAITING, DeploymentState.RUNNING])
    return select(PullRequestRow.id, DeploymentRow.document).join(DeploymentRow, shown).where(going)


_CHECKS_SHOWN = union_all(
    _checks_shown("open", PullRequestRow.head), _checks_shown("merged", PullRequestRow.merged_as)
)
_DEPLOYMENTS_SHOWN = union_all(
    _deployments_shown(PullRequestRow.head), _deployments_shown(PullRequestRow.merged_as)
)


def list_deployments(connection: Connection, code: str, commit: str) -> Sequence[Deployment]:
    """The deployments of the commit as they stand now, the one told of last at the end.

    See `trainboard.deployment_fates`: it takes all that ever came into their environments.
    """
    mine = DeploymentRow.code == code.casefold()
    told = select(DeploymentRow.environment).where(mine, DeploymentRow.commit == commit)
    beside: dict[str, list[Deployment]] = defaultdict(list)
    for each in _deployments.list(connection, mine & DeploymentRow.environment.in_(told)):
        beside[each.environment.casefold()].append(each)
    found = [
        replace(each, state=fates[each.ref].state)
        for deployments in beside.values()
        for fates in [judge_fates(deployments)]
        for each in deployments
        if each.commit == commit
    ]
    return sorted(found, key=lambda each: (each.at, each.ref))


def list_standing(connection: Connection, code: str) -> Sequence[str]:
    """The commits that stand somewhere now, in alphabetical order."""
    mine = (DeploymentRow.code == code.casefold()) & DeploymentRow.commit.is_not(None)
    standing = (DeploymentRow.state == DeploymentState.SUCCEEDED) & ~is_outdated()
    found = connection.execute(select(DeploymentRow.commit).where(mine, standing).distinct()).scalars()
    return sorted(filter(None, found))


def list_merged(connection: Connection, code: str, since: datetime, limit: int) -> Sequence[PullRequest]:
    """The pull requests that were told to be merged since then, late ones first, at most `limit`."""
    mine = (PullRequestRow.code == code.casefold()) & (PullRequestRow.state == "merged")
    found = _pull_requests.list(connection, mine & (PullRequestRow.at >= since))
    return sorted(found, key=lambda each: (each.at, each.number), reverse=True)[:limit]


def find_deployed(connection: Connection, code: str, environment: str) -> str | None:
    """The commit that stands in the environment, None where nobody told of one."""
    there = (DeploymentRow.code == code.casefold()) & (DeploymentRow.environment == environment.casefold())
    succeeded = there & (DeploymentRow.state == DeploymentState.SUCCEEDED)
    query = select(DeploymentRow.commit).where(succeeded).order_by(DeploymentRow.at.desc()).limit(1)
    commit: str | None = connection.execute(query).scalar()
    return commit


def is_outdated() -> ColumnElement[bool]:
    """True for a deployment that succeeded, and after it another one in the same environment."""
    later = aliased(DeploymentRow)
    same = (later.code == DeploymentRow.code) & (later.environment == DeploymentRow.environment)
    succeeded = (later.state == DeploymentState.SUCCEEDED) & (later.at > DeploymentRow.at)
    after = exists().where(same, succeeded).correlate(DeploymentRow)
    return (DeploymentRow.state == DeploymentState.SUCCEEDED) & after


def list_all_deployments(connection: Connection, code: str) -> Sequence[Deployment]:
    """Every deployment of the repository as senders told of it, in no order."""
    return _deployments.list(connection, DeploymentRow.code == code.casefold())


def list_deployed(connection: Connection, code: str, others: Iterable[str] = ()) -> Sequence[PullRequest]:
    """The merged pull requests whose head or merge commit was deployed or is one of `others`, in no order.

    So are those that came along with a later commit.
    """
    deployed = select(DeploymentRow.commit).where(DeploymentRow.code == code.casefold())
    contained = (ContainedCommitRow.code == code.casefold()) & ContainedCommitRow.is_contained
    merged = (PullRequestRow.code == code.casefold()) & (PullRequestRow.state == "merged")
    wanted = (deployed, select(ContainedCommitRow.commit).where(contained), sorted(others))
    told = [column.in_(one) for one in wanted for column in (PullRequestRow.head, PullRequestRow.merged_as)]
    return _pull_requests.list(connection, merged & or_(*told))


def _list_all_checks(connection: Connection, code: str, commit: str) -> list[Check]:
    return _checks.list(connection, (CheckRow.code == code.casefold()) & (CheckRow.commit == commit))
