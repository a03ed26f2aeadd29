"""What happened, in the field's words. Values only; every event can be written as JSON."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.alerts import (
    Alert,
    AlertGroup,
)
from trainboard.comments import Given, Hint
from trainboard.pull_requests import (
    Approval,
    AwaitedApproval,
    Check,
    Deployment,
    PullRequest,
    RepositoryState,
)
from trainboard.results import EndedRun, Results
from trainboard.runs import RunReport
from trainboard.serving import Serving
from trainboard.work_items import ClosedAs, ItemState


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="event", omit_defaults=True):
    pass


class RunReported(_Event, frozen=True, kw_only=True):
    """A run tracker or a job said how a run stands. `door` is the configured source it came by."""

    door: str
    report: RunReport


class ModelChanged(_Event, frozen=True, kw_only=True):
    """A model registry changed: a version was made, or an alias now points elsewhere.

    `run_id` is the run that made the version, None where the registry does not say. `source` is then what
    reports of runs of that registry's tracker have as theirs, empty where nobody is known to read them.
    """

    door: str
    action: Literal["registered", "version", "alias set", "alias cleared", "tag set", "tag cleared"]
    model: str
    at: datetime
    version: str | None = None
    alias: str | None = None
    run_id: str | None = None
    source: str = ""


class ModelServed(_Event, frozen=True, kw_only=True):
    """Somebody says how the deployment of a model's version to an endpoint stands.

    A sender whose deployments have no names of their own makes a `ref` of the endpoint and the moment.
    """

    door: str
    serving: Serving


class WorkItemChanged(_Event, frozen=True, kw_only=True):
    """A tracker says that a work item changed. `ref` is its number there.

    `by_bot` tells that an app or bot account did it; `fields` are the names of what changed. Where the
    sender does not say, `title`, `actor` and `fields` are empty and `state` is None: the item has to be
    looked at. `label` is the one that was put on it or taken off, where the action is that. `closed_as` is
    None for one that is open.
    """

    tracker: str
    ref: str
    action: str
    title: str
    state: ItemState | None
    at: datetime
    actor: str
    by_bot: bool
    labels: tuple[str, ...] = ()
    iteration: str | None = None
    fields: tuple[str, ...] = ()
    label: str = ""
    closed_as: ClosedAs | None = None
    url: str = ""


class IterationChanged(_Event, frozen=True, kw_only=True):
    """A tracker says that a sprint was made, changed, closed or deleted by somebody."""

    tracker: str
    ref: str
    action: Literal["created", "edited", "opened", "closed", "deleted"]
    name: str
    at: datetime


class LabelChanged(_Event, frozen=True, kw_only=True):
    """A tracker says that a label was made, renamed or deleted."""

    tracker: str
    action: Literal["created", "edited", "deleted"]
    name: str
    old_name: str | UnsetType = UNSET


class InstallationChanged(_Event, frozen=True, kw_only=True):
    """The bot was installed on, or removed from, repositories of an account."""

    account: str
    action: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class ParentChanged(_Event, frozen=True, kw_only=True):
    """A work item was put below another one, or taken from there. `parent` is the other one's ref."""

    tracker: str
    ref: str
    parent_tracker: str
    parent: str
    linked: bool
    at: datetime


class PullRequestLinked(_Event, frozen=True, kw_only=True):
    """A work item got or lost a link to a pull request in the tracker itself.

    `code` may leave out the repository, `azure-repos:organisation`, where the number alone tells it.
    """

    code: str
    number: int
    tracker: str
    ref: str
    linked: bool
    at: datetime


class WorkItemMoved(_Event, frozen=True, kw_only=True):
    """A work item was carried to another tracker, where it has another number."""

    old_tracker: str
    old_ref: str
    tracker: str
    ref: str
    state: ItemState
    url: str
    at: datetime


class RepositoryChanged(_Event, frozen=True, kw_only=True):
    """A repository can be written to, can only be read, or is gone."""

    code: str
    state: RepositoryState
    at: datetime


class RepositoryMoved(_Event, frozen=True, kw_only=True):
    """A repository got another name or another owner. `old` and `new` are full names, `github:owner/name`."""

    old: str
    new: str
    at: datetime


class PullRequestChanged(_Event, frozen=True, kw_only=True):
    """A pull request was opened, edited, pushed to, merged or closed."""

    pull_request: PullRequest
    action: str
    by_bot: bool = False


class CheckReported(_Event, frozen=True, kw_only=True):
    """Somebody says how a check of a commit stands."""

    check: Check


class DeploymentReported(_Event, frozen=True, kw_only=True):
    """Somebody says how a deployment stands."""

    deployment: Deployment


class ApprovalReported(_Event, frozen=True, kw_only=True):
    """Somebody says how an approval stands."""

    approval: Approval


class CommentWritten(_Event, frozen=True, kw_only=True):
    """Somebody wrote a comment that may command something, or edited one so that it may."""

    hint: Hint


class CommandsGiven(_Event, frozen=True, kw_only=True):
    """A comment was read from its platform, and commands something."""

    given: Given


class PipelineRunChanged(_Event, frozen=True, kw_only=True):
    """A run of a pipeline changed, or a stage or job of it, or an approval; what it is of has to be read.

    `pipelines` is whose, `azure-pipelines:organisation`; `project` is their own id of the project, `run`
    their number of the run. `approval` is None where the change is not about one.
    """

    pipelines: str
    project: str
    run: int
    at: datetime
    approval: AwaitedApproval | None = None


class PipelineRunEnded(_Event, frozen=True, kw_only=True):
    """A run of a pipeline ended; what it left, if anything, has to be looked for."""

    run: EndedRun


class ResultsReported(_Event, frozen=True, kw_only=True):
    """Somebody says what the tests of a commit found."""

    results: Results


class MergeQueued(_Event, frozen=True, kw_only=True):
    """A merge queue tries a pull request as `commit`, and waits there for the checks that it requires.

    `at` is when that commit was made.
    """

    code: str
    number: int
    commit: str
    at: datetime


class AlertsReported(_Event, frozen=True, kw_only=True):
    """A monitor says which alerts fire and which are resolved.

    `group_labels` are those by which the sender puts alerts together; `truncated` counts alerts that it
    left out, `unread` those among its alerts that nobody can read, of which `flaw` says what is wrong with
    the first. `at` is when it said so, None where it does not tell.
    """

    door: str
    alerts: tuple[Alert, ...]
    group_labels: dict[str, str] = {}
    truncated: int = 0
    unread: int = 0
    flaw: str = ""
    at: datetime | None = None


class AlertsListed(_Event, frozen=True, kw_only=True):
    """All alerts that the monitor behind `door` had at `at`: what is not among them does not fire."""

    door: str
    groups: tuple[AlertGroup, ...]
    at: datetime


class AlertsDue(_Event, frozen=True, kw_only=True):
    """It is time to close what is over, and what nobody tells of any more."""


class PollDue(_Event, frozen=True, kw_only=True):
    """It is time to look at a run tracker; `full` asks for the whole sprint, not only what is new."""

    door: str
    full: bool = False


class SprintsDue(_Event, frozen=True, kw_only=True):
    """It is time to make the coming sprints and to roll over the ended ones."""

    at: datetime


class RecoveryDue(_Event, frozen=True, kw_only=True):
    """It is time to look whether all that `source` sent has come in."""

    source: str


class HooksDue(_Event, frozen=True, kw_only=True):
    """It is time to look whether the hooks that feed `source` work."""

    source: str


class HistoryDue(_Event, frozen=True, kw_only=True):
    """It is time to look at what stands in the sprints, for the reports."""


class ReportsDue(_Event, frozen=True, kw_only=True):
    """It is time to see which reports are due."""


class SilenceDue(_Event, frozen=True, kw_only=True):
    """It is time to look for checks that were going on and of which nobody tells any more."""


class CommentsDue(_Event, frozen=True, kw_only=True):
    """It is time to look for comments in `place` of which nobody told."""

    place: str


class RemovalDue(_Event, frozen=True, kw_only=True):
    """It is time to remove what is kept no longer."""


Event = (
    RunReported
    | ModelChanged
    | ModelServed
    | WorkItemChanged
    | IterationChanged
    | LabelChanged
    | InstallationChanged
    | ParentChanged
    | PullRequestLinked
    | WorkItemMoved
    | RepositoryChanged
    | RepositoryMoved
    | PullRequestChanged
    | CheckReported
    | DeploymentReported
    | ApprovalReported
    | CommentWritten
    | CommandsGiven
    | PipelineRunChanged
    | PipelineRunEnded
    | ResultsReported
    | MergeQueued
    | AlertsReported
    | AlertsListed
    | AlertsDue
    | PollDue
    | SprintsDue
    | RecoveryDue
    | HooksDue
    | HistoryDue
    | ReportsDue
    | SilenceDue
    | CommentsDue
    | RemovalDue
)


def encode(event: Event) -> bytes:
    """`event` as JSON, the form in which the bot's own ticks and polls enter the inbox."""
    return msgspec.json.encode(event)


def decode(body: bytes) -> Event:
    """The event that `encode` wrote."""
    return _DECODER.decode(body)


_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
