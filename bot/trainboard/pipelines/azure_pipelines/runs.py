"""How Azure DevOps writes runs of pipelines, their stages, approvals and deployments, and what it means.

A run is a build there, with the same number. Results and states of tomorrow are neither good nor bad.

Source: "Azure DevOps Services REST API Reference", "Builds - Get", "Timeline - Get", "Approvals - Get",
"Environmentdeploymentrecords - List".
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from trainboard.pull_requests import ApprovalState, CheckState, DeploymentState
from trainboard.results import Ran

UNNAMED_STAGE = "__default"
"""The name of the only stage of a pipeline that has none."""

_GITHUB = frozenset({"GitHub", "GitHubEnterprise"})
_GITHUB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9._-]{1,100}")
_HEADS = "refs/heads/"
_MERGES = re.compile(r"refs/pull/\d+/merge")
_HEAD = "system.pullRequest.sourceCommitId"
_PULL = "refs/pull/"
_PULLS = re.compile(r"refs/pull/([1-9][0-9]{0,8})/(?:merge|head)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CHECKPOINT = "Checkpoint"

_RESULTS = {
    "abandoned": CheckState.FAILED,
    "canceled": CheckState.CANCELLED,
    "failed": CheckState.FAILED,
    "partiallySucceeded": CheckState.PASSED,
    "rejected": CheckState.FAILED,
    "succeeded": CheckState.PASSED,
    "succeededWithIssues": CheckState.PASSED,
}
_DEPLOYED = {
    "canceled": DeploymentState.CANCELLED,
    "skipped": DeploymentState.CANCELLED,
    "succeeded": DeploymentState.SUCCEEDED,
    "succeededWithIssues": DeploymentState.SUCCEEDED,
}


class _Json(msgspec.Struct, frozen=True, rename="camel"):
    pass


class Named(_Json, frozen=True):
    """A pipeline, a project, an environment or a run by its number and name."""

    id: int | str = 0
    name: str = ""


class RepositoryJson(_Json, frozen=True):
    """Where a build took its code from; on GitHub the id is `owner/name`."""

    id: str | None = None
    type: str | None = None
    name: str | None = None


class RequesterJson(_Json, frozen=True):
    """Whoever asked for a run."""

    display_name: str | None = None


class BuildJson(_Json, frozen=True):
    """A run as a build."""

    id: int
    definition: Named
    project: Named
    queue_time: datetime
    repository: RepositoryJson | None = None
    status: str = ""
    result: str | None = None
    reason: str | None = None
    source_branch: str | None = None
    source_version: str | None = None
    trigger_info: dict[str, Any] | None = None
    parameters: str | None = None
    start_time: datetime | None = None
    finish_time: datetime | None = None
    requested_for: RequesterJson | None = None

    def find_code(self, organization: str) -> str | None:
        """The full name of its repository, None where that lives elsewhere.

        In Azure Repos it is taken to be in the project of the pipeline.
        """
        where = self.repository or RepositoryJson()
        if where.type in _GITHUB:
            return f"github:{where.id}" if _GITHUB_NAME.fullmatch(where.id or "") else None
        if where.type != "TfsGit" or not where.name:
            return None
        return f"azure-repos:{organization}/{self.project.name}/{where.name}"

    def find_commit(self) -> str | None:
        """The newest commit of the pull request where it is of one, or else what was built.

        What is built for a pull request is a merge that is on no branch.
        """
        head = (self.trigger_info or {}).get("pr.sourceSha") or self._find_parameter(_HEAD)
        is_merge = _MERGES.fullmatch(self.source_branch or "")
        commit = str(head or ("" if is_merge else self.source_version or "")).lower()
        return commit if _COMMIT.fullmatch(commit) else None

    def _find_parameter(self, name: str) -> object:
        try:
            return msgspec.json.decode(self.parameters or "{}", type=dict[str, Any]).get(name)
        except msgspec.DecodeError:
            return None

    @property
    def branch(self) -> str:
        """The branch that was run, empty for a pull request or a tag."""
        ref = self.source_branch or ""
        return "" if self.is_of_pull_request else ref.removeprefix(_HEADS) * ref.startswith(_HEADS)

    @property
    def pull_request(self) -> int | None:
        """The number of the pull request whose code ran, by whatever it was asked for."""
        found = _PULLS.fullmatch(self.source_branch or "")
        return int(found[1]) if found else None

    @property
    def ran(self) -> Ran:
        """Of code on GitHub a pull request is taken for one of a fork, unless it is told to be none."""
        info = self.trigger_info or {}
        is_named = any(key.startswith("pr.") for key in info) or self._find_parameter(_HEAD)
        if not (is_named or self.is_of_pull_request or (self.source_branch or "").startswith(_PULL)):
            return "pushed"
        on_github = (self.repository or RepositoryJson()).type in _GITHUB
        is_fork = str(info.get("pr.isFork", on_github)).casefold() != "false"
        return "foreign" if is_fork else "proposed"

    @property
    def is_of_pull_request(self) -> bool:
        """True if it was to see whether a pull request is good."""
        return self.reason == "pullRequest"


class RecordJson(_Json, frozen=True):
    """A stage of a run, or what one waits for."""

    id: str = ""
    parent_id: str | None = None
    type: str = ""
    name: str = ""
    identifier: str | None = None
    state: str = ""
    result: str | None = None
    attempt: int = 1
    order: int | None = None
    start_time: datetime | None = None
    finish_time: datetime | None = None


class TimelineJson(_Json, frozen=True):
    """All that a run does, in no order; `last_changed_on` is of anything in it."""

    records: list[RecordJson] = []
    last_changed_on: datetime | None = None

    def list_stages(self) -> list[RecordJson]:
        """Its stages, in their order."""
        stages = [each for each in self.records if each.type == "Stage"]
        return sorted(stages, key=lambda stage: (stage.order or 0, stage.name))

    def list_checkpoints(self, stage: RecordJson) -> list[RecordJson]:
        """What the stage waits or waited for."""
        return [each for each in self.records if each.type == _CHECKPOINT and each.parent_id == stage.id]


class DeployedJson(_Json, frozen=True):
    """A job that deployed to an environment; `owner` is its run."""

    owner: Named
    stage_name: str | None = None
    stage_attempt: int | None = None
    result: str | None = None
    queue_time: datetime | None = None
    start_time: datetime | None = None
    finish_time: datetime | None = None


class PersonJson(_Json, frozen=True):
    """A person or a group."""

    id: str = ""
    unique_name: str | None = None
    display_name: str | None = None
    is_container: bool = False

    @property
    def name(self) -> str:
        """The name by which the organisation knows them, or else the one shown."""
        return self.unique_name or self.display_name or ""


class StepJson(_Json, frozen=True):
    """One approver's part; `actual_approver` is the member of a group who answered."""

    assigned_approver: PersonJson
    status: str = ""
    actual_approver: PersonJson | None = None


_ANSWERS: dict[str, ApprovalState] = {
    "approved": "approved",
    "canceled": "skipped",
    "completed": "approved",
    "failed": "rejected",
    "rejected": "rejected",
    "skipped": "skipped",
    "timedOut": "timed out",
}


class ApprovalJson(_Json, frozen=True):
    """An approval with its steps."""

    id: str
    status: str
    created_on: datetime
    last_modified_on: datetime | None = None
    steps: list[StepJson] | None = None
    blocked_approvers: list[PersonJson] | None = None

    @property
    def state(self) -> ApprovalState:
        """How it stands, whatever Azure Pipelines calls it."""
        return _ANSWERS.get(self.status, "pending")

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who may answer: not who is blocked, like whoever asked for the run where that is forbidden."""
        blocked = {person.id for person in self.blocked_approvers or ()}
        people = [each.assigned_approver for each in self.steps or ()]
        names = (person.name for person in people if person.id not in blocked)
        return tuple(dict.fromkeys(filter(None, names)))

    @property
    def answerer(self) -> str:
        """Whoever answered last, empty while nobody did."""
        people = [step.actual_approver.name for step in self.steps or () if step.actual_approver]
        return people[-1] if people else ""


def judge_run(build: BuildJson, stages: Iterable[CheckState]) -> CheckState:
    """How the run stands; it waits if no stage runs and one waits."""
    if build.status == "completed":
        return _RESULTS.get(build.result or "", CheckState.NEUTRAL)
    if build.status in {"notStarted", "postponed"}:
        return CheckState.QUEUED
    known = set(stages)
    is_waiting = CheckState.WAITING in known and CheckState.RUNNING not in known
    return CheckState.WAITING if is_waiting else CheckState.RUNNING


def judge_stage(stage: RecordJson, checkpoints: Iterable[RecordJson]) -> CheckState:
    """How the stage stands; it waits as long as anything before it is open."""
    if stage.state == "completed":
        return _RESULTS.get(stage.result or "", CheckState.NEUTRAL)
    if any(each.state == "inProgress" for each in checkpoints):
        return CheckState.WAITING
    return CheckState.RUNNING if stage.state == "inProgress" else CheckState.QUEUED


def judge_deployment(jobs: Sequence[DeployedJson]) -> DeploymentState:
    """How the jobs of one stage deployed to one environment: the worst of them, once all have ended."""
    if not all(job.result for job in jobs):
        is_begun = any(job.start_time for job in jobs)
        return DeploymentState.RUNNING if is_begun else DeploymentState.WAITING
    states = {_DEPLOYED.get(job.result or "", DeploymentState.FAILED) for job in jobs}
    for bad in (DeploymentState.FAILED, DeploymentState.CANCELLED):
        if bad in states:
            return bad
    return DeploymentState.SUCCEEDED


def latest(*times: datetime | None) -> datetime | None:
    """The latest of the times that are known."""
    return max(filter(None, times), default=None)
