"""Pull requests and what is said of their commits: values, and the arithmetic of hearing it in any order.

`code` is the full name of a repository, `github:owner/name` or `azure-repos:organisation/Project/name`.
Times are the sender's, aware. What is said of one thing is merged: whatever comes twice, late or in another
order ends in the same state.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeVar

import msgspec

from trainboard.results import Results

GateState = Literal["waiting", "success", "failure", "neutral"]
RepositoryState = Literal["writable", "read-only", "gone"]


class PullRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pull request as it stood at `at`.

    `head` is the commit to be judged, `branch` the branch that it is on, `base` the one that it goes to;
    `merged_as` is the commit that it became there. `text` is the description. `reached_at` is the moment of
    the merge as `merge` keeps it, None where it is `at`.
    """

    code: str
    number: int
    title: str
    state: Literal["open", "merged", "closed"]
    head: str
    branch: str
    base: str
    at: datetime
    url: str
    text: str = ""
    author: str = ""
    draft: bool = False
    from_fork: bool = False
    merged_as: str | None = None
    reached_at: datetime | None = None

    @property
    def reverts(self) -> int | None:
        """The number of the earlier pull request of the repository that it undoes, by its own words.

        Source: GitHub Docs, "Reverting a pull request"; Microsoft Learn, "Revert a pull request".
        """
        told = _REVERTS.search(self.text) if _REVERT.match(self.title) else None
        if told is None or (told["code"] or self._path).casefold() != self._path:
            return None
        number = int(told["number"])
        return number if number < self.number else None

    @property
    def _path(self) -> str:
        return self.code.partition(":")[2].casefold()

    @property
    def merged_at(self) -> datetime | None:
        """When it was first told to be merged, None for one that is not."""
        return (self.reached_at or self.at) if self.state == "merged" else None


_REVERT = re.compile(r"Revert [\"'\u201c]", re.IGNORECASE)
_REVERTS = re.compile(
    r"^\s*Reverts (?:(?P<code>[\w.-]+/[\w.-]+)?#|!)(?P<number>[1-9]\d{0,8})\b", re.IGNORECASE | re.MULTILINE
)


class CheckState(StrEnum):
    """How a check stands, whatever its platform calls it; no platform says `SILENT`: see `tell_silent`."""

    QUEUED = "queued"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    NEUTRAL = "neutral"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    WAITING = "waiting for somebody"
    SILENT = "without news"

    @property
    def ended(self) -> bool:
        """True for a check that changes no more in this attempt."""
        return self not in {CheckState.QUEUED, CheckState.RUNNING, CheckState.WAITING}


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a check run, a commit status, a build or a stage says of a commit.

    `name` within `suite` tells it from the other checks of the commit: jobs of two workflows may share a
    name. What a later `run` of it says replaces what an earlier one said, and so does a later `attempt` of
    one run. `run` is the platform's number of it, which grows, 0 where there is none. `reporter` is the app
    or pipeline that says so, `summary` its own words, untrusted; `annotations` is how many lines of code it
    remarks on, None where nobody told that.

    `series` is set on a check that says how its whole suite stands, and empty on each other one. Of the
    suites of one series only the latest counts: see `list_current`.
    """

    code: str
    commit: str
    name: str
    state: CheckState
    at: datetime
    run: int = 0
    attempt: int = 1
    suite: str = ""
    series: str = ""
    reporter: str = ""
    url: str = ""
    summary: str = ""
    annotations: int | None = None


def is_own_check(name: str) -> bool:
    """True for the bot's own checks and statuses, which tell it nothing new."""
    return name.startswith("trainboard/")


def list_current(checks: Iterable[Check]) -> list[Check]:
    """The checks of one commit, without those that others stand for.

    Of suites of one series only the latest counts. A run of Azure Pipelines that its app shows on GitHub
    as check runs counts there, and not a second time as told by the service hooks of its organisation.
    """
    known = _without_echoes(list(checks))
    wholes = sorted((it for it in known if it.series), key=lambda it: (it.run, it.attempt, it.suite))
    latest = {it.series: it.suite for it in wholes}
    replaced = {it.suite for it in wholes} - set(latest.values())
    return [check for check in known if check.suite not in replaced]


_AZURE_APP, _AZURE_HOOKS = "azure-pipelines", "Azure Pipelines"


def _without_echoes(checks: Sequence[Check]) -> list[Check]:
    shown = {check.name for check in checks if check.reporter == _AZURE_APP}
    echoes = {
        check.suite
        for check in checks
        if check.reporter == _AZURE_HOOKS and check.series and check.name in shown
    }
    return [check for check in checks if check.reporter != _AZURE_HOOKS or check.suite not in echoes]


class DeploymentState(StrEnum):
    """How a deployment stands; no platform says `SILENT`: see `tell_silent`."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    ROLLED_BACK = "rolled back"
    SILENT = "without news"


class Deployment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A commit on its way into an environment. `ref` is the platform's own number of the deployment.

    `reached_at` is the moment of its success as `merge` keeps it, None where it is `at` or never came.
    """

    code: str
    ref: str
    environment: str
    state: DeploymentState
    at: datetime
    commit: str | None = None
    url: str = ""
    reached_at: datetime | None = None

    @property
    def succeeded_at(self) -> datetime | None:
        """When it was first told to have succeeded, whatever came later; None if nobody told that."""
        return self.reached_at or (self.at if self.state is DeploymentState.SUCCEEDED else None)


Going = TypeVar("Going", Check, Deployment)


def tell_silent(going: Going, now: datetime) -> Going:
    """The check or deployment, `SILENT` from the moment on by which news must have come if it still existed.

    A job waits up to two days for a machine, takes up to five days and waits up to thirty for somebody.
    `at` stays: it says since when there is no news. Whatever is told of it later wins.

    Source: GitHub Docs, "Limits in GitHub Actions" and "Usage limits for self-hosted runners"; jobs of Azure
    Pipelines may last as long as those of GitHub or less, except on self-hosted agents without a limit.
    """
    is_silent = now >= silent_from(going)
    return msgspec.structs.replace(going, state=_SILENT[type(going)]) if is_silent else going


_SILENT: Mapping[type, str] = {Check: CheckState.SILENT, Deployment: DeploymentState.SILENT}


def silent_from(going: Check | Deployment) -> datetime:
    """The moment from which no news of it is odd; the end of time for what ended."""
    patience = _PATIENCE.get(going.state)
    return going.at + patience if patience else datetime.max.replace(tzinfo=going.at.tzinfo)


_PATIENCE: Mapping[str, timedelta] = {
    CheckState.QUEUED: timedelta(days=2),
    CheckState.RUNNING: timedelta(days=5),
    CheckState.WAITING: timedelta(days=30),
    DeploymentState.RUNNING: timedelta(days=5),
    DeploymentState.WAITING: timedelta(days=30),
}


ApprovalState = Literal["pending", "approved", "rejected", "skipped", "timed out"]


class Approval(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody's word that a run waits for: of the `approvers` whom the platform names, `by` answered.

    `desk` is where the bot can pass a person's word on: `github` for a rule of its own App in that
    repository, `azure-pipelines:organisation` with the `project` of the run; empty where only people answer.
    """

    code: str
    ref: str
    state: ApprovalState
    at: datetime
    run: str = ""
    environment: str = ""
    commit: str | None = None
    approvers: tuple[str, ...] = ()
    by: str = ""
    url: str = ""
    desk: str = ""
    project: str = ""


class AwaitedApproval(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which approval a run waits for, and what it guards, where the platform tells that by the way only.

    `stage` waits in its `attempt`; `environment` is what it wants to deploy to, empty for something else.
    """

    ref: str
    stage: str = ""
    attempt: int = 1
    environment: str = ""


Said = TypeVar("Said", PullRequest, Check, Deployment, Approval, Results)


def merge(known: Said | None, news: Said) -> Said:
    """What is known after both were said of the same thing, whichever was heard first.

    What is told later wins, and what is told at the same moment if it is nearer to an end. A later run
    or attempt of a check wins over an earlier one; in one attempt an ended check wins over one that runs, and
    that over a queued one, whatever their times. An approval that somebody answered is pending no more.
    What never changes of a deployment or an approval may be said by only one of the two. The first moment
    of a merge or a success is kept. Of results those of a later run, and in one run of a later attempt, win.
    """
    if known is None:
        return news
    latest = max(known, news, key=_order)
    return msgspec.structs.replace(latest, **_lasting(known, news), **_first(known, news, latest))


def _order(said: PullRequest | Check | Deployment | Approval | Results) -> tuple[object, ...]:
    """Greater for what wins. The last member decides what nobody can know, always in the same way."""
    match said:
        case PullRequest():
            order: tuple[object, ...] = (said.at, _PULL_REQUEST_STATES.index(said.state))
        case Check():
            order = (said.run, said.attempt, said.state is not CheckState.QUEUED, said.state.ended, said.at)
        case Deployment():
            order = (said.at, _DEPLOYMENT_STATES.index(said.state))
        case Results():
            order = (said.run, said.attempt, said.at)
        case _:
            order = (said.state != "pending", said.at)
    folded = (*_LASTING.get(type(said), ()), *_FIRST.get(type(said), ()))
    blank = dict.fromkeys(folded, "")
    return (*order, msgspec.json.encode(msgspec.structs.replace(said, **blank)))


_PULL_REQUEST_STATES = ("open", "closed", "merged")
_DEPLOYMENT_STATES = tuple(DeploymentState)
_LASTING: Mapping[type, tuple[str, ...]] = {
    Deployment: ("commit",),
    Approval: ("run", "environment", "commit"),
}
_FIRST: Mapping[type, tuple[str, ...]] = {PullRequest: ("reached_at",), Deployment: ("reached_at",)}


def _lasting(known: Said, news: Said) -> dict[str, str | None]:
    pairs = {name: (getattr(known, name), getattr(news, name)) for name in _LASTING.get(type(news), ())}
    return {name: max(filter(None, pair), default=pair[0]) for name, pair in pairs.items()}


def _first(known: Said, news: Said, latest: Said) -> dict[str, datetime | None]:
    if not isinstance(latest, PullRequest | Deployment):
        return {}
    reached = min(filter(None, map(_reached, (known, news))), default=None)
    by_itself = _reached(msgspec.structs.replace(latest, reached_at=None))
    return {"reached_at": None if reached == by_itself else reached}


def _reached(said: object) -> datetime | None:
    if isinstance(said, PullRequest):
        return said.reached_at or said.merged_at
    return said.succeeded_at if isinstance(said, Deployment) else None
