"""Approvals that runs wait for: how they stand, and what becomes of a person's word that the bot passes on.

The bot lends nobody its own right. It passes on the word of a person whom the platform itself lists, of the
commit and the model versions that the person saw, and of nothing that came later.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec
from msgspec.structs import replace

from trainboard.errors import PermanentError
from trainboard.pull_requests import Approval, ApprovalState, Check, Deployment, DeploymentState
from trainboard.triggers import Origin

Verdict = Literal["approved", "rejected"]

LONGEST_WAIT = timedelta(days=30)
"""After so long a platform gives up. Source: GitHub Docs, "Deployments and environments", "Required
reviewers"; Microsoft Learn, "Define approvals and checks", "Timeouts"."""


OF_REPOSITORY = "github"
"""The desk of a repository's own rules."""


class ApprovalError(PermanentError):
    """Nothing there can be answered. The sentence says what can."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody: `id` is the number that GitHub gave them, or their GUID in Azure DevOps; names change."""

    id: str
    name: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word on what waits in `environment`, which is empty where only one can be meant."""

    verdict: Verdict
    person: Person
    environment: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an approval stands on its platform just now.

    `commit` is what the run is of, None where that cannot change. `answer` is what the bot said there
    before, None where it said nothing or nobody can tell. `objection` says why the person may not answer;
    it is empty for one whom the platform lists.
    """

    state: ApprovalState
    commit: str | None = None
    answer: Verdict | None = None
    objection: str = ""


class DecisionState(StrEnum):
    """What came of a person's word; `UNSURE`: nobody can tell whether the platform heard it."""

    ASKED = "asked"
    PASSED_ON = "passed on"
    REFUSED = "refused"
    UNSURE = "unsure"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word on an approval, said at `at` in `origin`; `reason` says why it was not passed on."""

    key: str
    code: str
    approval: str
    environment: str
    verdict: Verdict
    person: Person
    origin: Origin
    at: datetime
    state: DecisionState = DecisionState.ASKED
    reason: str = ""
    url: str = ""


def name_desk(approval: Approval) -> str:
    """Where the bot can pass a word on, in small letters; empty where it cannot."""
    return (approval.code if approval.desk == OF_REPOSITORY else approval.desk).casefold()


def choose(approvals: Iterable[Approval], environment: str) -> Sequence[Approval]:
    """Those that wait in the environment; in the only one that waits where `environment` is empty.

    Raises:
        ApprovalError: there is none, or it must be said which is meant.
    """
    pending = [each for each in approvals if each.state == "pending"]
    names = sorted({each.environment or each.run for each in pending})
    wanted = [each for each in pending if _is_called(each, environment or "".join(names[:1]))]
    if not pending:
        raise ApprovalError("Nothing waits for an approval here.")
    if not wanted or (not environment and len(names) > 1):
        raise ApprovalError(f"Say which approval is meant: {', '.join(names)}.")
    return wanted


def list_answered(
    approvals: Iterable[Approval], checks: Iterable[Check], deployments: Iterable[Deployment], now: datetime
) -> list[Approval]:
    """The approvals of one commit as they stand, for platforms do not tell of every end.

    `checks` and `deployments` are all those of the commit. One that was still pending when its run ended got
    no answer in time, and neither did one that waits longer than platforms do. A rule on GitHub whose
    deployment went on was let through, by an administrator if not by us.
    """
    ended = {str(check.run): check.at for check in checks if check.series and check.state.ended}
    gone_on = {each.ref: each.at for each in deployments if each.state in _GONE_ON}
    return [
        _answer(each, gone_on.get(name_rule(each)), ended.get(each.run), now)
        if each.state == "pending"
        else each
        for each in approvals
    ]


_GONE_ON = frozenset(
    {
        DeploymentState.RUNNING,
        DeploymentState.SUCCEEDED,
        DeploymentState.REPLACED,
        DeploymentState.ROLLED_BACK,
    }
)


def name_rule(approval: Approval) -> str:
    """The deployment that a rule of GitHub holds back; empty for any other approval."""
    return approval.ref.rpartition("/")[2] if approval.desk == OF_REPOSITORY else ""


def _answer(
    approval: Approval, gone_on_at: datetime | None, ended_at: datetime | None, now: datetime
) -> Approval:
    if gone_on_at is not None:
        return replace(approval, state="approved", at=gone_on_at)
    if ended_at is not None and approval.at <= ended_at:
        return replace(approval, state="timed out", at=ended_at)
    over = approval.at + LONGEST_WAIT
    return replace(approval, state="timed out", at=over) if now >= over else approval


def credit(approvals: Iterable[Approval], decisions: Iterable[Decision]) -> list[Approval]:
    """The approvals, answered by whoever's word the bot passed on, and not by the bot."""
    passed: dict[tuple[str, str], str] = {
        (each.approval, each.verdict): each.person.name
        for each in sorted(decisions, key=lambda each: each.at)
        if each.state is DecisionState.PASSED_ON
    }
    return [
        replace(each, by=passed[each.ref, each.state]) if (each.ref, each.state) in passed else each
        for each in approvals
    ]


def _is_called(approval: Approval, environment: str) -> bool:
    return (approval.environment or approval.run).casefold() == environment.casefold()
