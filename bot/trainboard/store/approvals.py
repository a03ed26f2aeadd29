"""Approvals that runs wait for, as they stand, and what became of people's words on them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from trainboard.approvals import Decision, credit, list_answered
from trainboard.pull_requests import Approval, Check, Deployment
from trainboard.store.merged_values import MergedValues
from trainboard.store.pull_request_models import (
    ApprovalRow,
    CheckRow,
    DecisionRow,
    DeploymentRow,
    PullRequestRow,
)
from trainboard.store.upserts import insert

merged = MergedValues(ApprovalRow, Approval, ("code", "ref"))
_checks = msgspec.json.Decoder(Check)
_deployments = msgspec.json.Decoder(Deployment)
_decisions = msgspec.json.Decoder(Decision)


def find(connection: Connection, code: str, ref: str, now: datetime) -> Approval | None:
    """The approval of that ref, as it stands."""
    mine = (ApprovalRow.code == code.casefold()) & (ApprovalRow.ref == ref)
    return next(iter(_stand(connection, code, merged.list(connection, mine), now)), None)


def list_of_commit(connection: Connection, code: str, commit: str, now: datetime) -> Sequence[Approval]:
    """The approvals that something of the commit waits or waited for, the one told of last at the end."""
    mine = (ApprovalRow.code == code.casefold()) & (ApprovalRow.commit == commit)
    found = _stand(connection, code, merged.list(connection, mine), now)
    return sorted(found, key=lambda each: (each.at, each.ref))


def list_all(connection: Connection, code: str, now: datetime) -> Sequence[Approval]:
    """Every approval of the repository as it stands, in no order."""
    return _stand(connection, code, merged.list(connection, ApprovalRow.code == code.casefold()), now)


def list_overdue(connection: Connection, before: datetime) -> Sequence[tuple[int, datetime]]:
    """Rows of pull requests with pending approvals that were asked for before that, and when they were."""
    shown = (ApprovalRow.commit == PullRequestRow.head) | (ApprovalRow.commit == PullRequestRow.merged_as)
    query = (
        select(PullRequestRow.id, ApprovalRow.document)
        .join(ApprovalRow, (ApprovalRow.code == PullRequestRow.code) & shown)
        .where(ApprovalRow.at <= before)
    )
    found = [(number, merged.decode(said)) for number, said in connection.execute(query)]
    return [(number, each.at) for number, each in found if each.state == "pending"]


def put_decision(connection: Connection, decision: Decision) -> None:
    """Note what is known now of a person's word."""
    values = {
        "key": decision.key,
        "code": decision.code.casefold(),
        "approval": decision.approval,
        "at": decision.at,
        "document": msgspec.json.encode(decision).decode(),
    }
    statement = insert(connection, DecisionRow).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def find_decision(connection: Connection, key: str) -> Decision | None:
    """What became of the word of that key."""
    said = connection.execute(select(DecisionRow.document).where(DecisionRow.key == key)).scalar()
    return None if said is None else _decisions.decode(said)


def list_decisions(connection: Connection, code: str, refs: Iterable[str]) -> Sequence[Decision]:
    """What people said of these approvals, in the order in which they said it."""
    mine = (DecisionRow.code == code.casefold()) & DecisionRow.approval.in_(list(refs))
    query = select(DecisionRow.document).where(mine).order_by(DecisionRow.at, DecisionRow.key)
    return [_decisions.decode(said) for said in connection.execute(query).scalars()]


def _stand(connection: Connection, code: str, found: Sequence[Approval], now: datetime) -> list[Approval]:
    if not found:
        return []
    commits = {each.commit for each in found if each.state == "pending"}
    checks, deployments = _list_told(connection, code, commits)
    standing = list_answered(found, checks, deployments, now)
    return credit(standing, list_decisions(connection, code, [each.ref for each in found]))


def _list_told(
    connection: Connection, code: str, commits: Iterable[str | None]
) -> tuple[list[Check], list[Deployment]]:
    wanted = [each for each in commits if each]
    if not wanted:
        return [], []
    of_checks = (CheckRow.code == code.casefold()) & CheckRow.commit.in_(wanted)
    of_deployments = (DeploymentRow.code == code.casefold()) & DeploymentRow.commit.in_(wanted)
    checks = connection.execute(select(CheckRow.document).where(of_checks)).scalars()
    deployments = connection.execute(select(DeploymentRow.document).where(of_deployments)).scalars()
    return [_checks.decode(said) for said in checks], [_deployments.decode(said) for said in deployments]
