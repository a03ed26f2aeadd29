"""What is known. A fact is a row of our own, written in the transaction of the delivery that told it."""

from datetime import datetime
from typing import Literal

import msgspec

from trainboard.alerts import (
    Alert,
    Nature,
)
from trainboard.comments import (
    Obeyed,
)
from trainboard.counterparts import Counterpart
from trainboard.goals import GoalSaid
from trainboard.item_links import (
    LinkSource,
)
from trainboard.plans import PlanWord
from trainboard.pull_requests import (
    Approval,
    Check,
    Deployment,
    PullRequest,
    RepositoryState,
)
from trainboard.report.happenings import Happening
from trainboard.report.schedules import ReportKind
from trainboard.results import Results
from trainboard.runs import RunReport
from trainboard.serving import AliasMove, Serving
from trainboard.work_items import TrackedState


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind", omit_defaults=True):
    pass


class RecordRun(_Fact, frozen=True, kw_only=True):
    """The run is known as `report` says, merged with what was known.

    It counts in sprint `number`; `planned` tells that its experiment gets work items. `code` is the
    repository of its project, None where that is not known. With a `counterpart` it is what a job said of
    that run, once that is known, and until then a run of its own.
    """

    project: str
    number: int
    planned: bool
    at: datetime
    report: RunReport
    code: str | None = None
    counterpart: Counterpart | None = None


class RecordModel(_Fact, frozen=True, kw_only=True):
    """A model version is known, and the run that made it; `at` is when a registry told of it."""

    project: str
    model: str
    version: str
    at: datetime
    run_id: str | None = None


class RecordAlias(_Fact, frozen=True, kw_only=True):
    """It is known where an alias pointed at a moment; what is known of other moments stays."""

    project: str
    move: AliasMove


class RecordServing(_Fact, frozen=True, kw_only=True):
    """The serving is known as told, unless something later is known."""

    project: str
    serving: Serving


class RecordWorkItem(_Fact, frozen=True, kw_only=True):
    """Our copy of a work item's title, state and sprint is what its tracker said at `at`."""

    tracker: str
    ref: str
    title: str
    state: TrackedState
    at: datetime


class RecordHappening(_Fact, frozen=True, kw_only=True):
    """Something happened to a work item of the project; it is written down once, however often it is told."""

    project: str
    happening: Happening


class ForgetIteration(_Fact, frozen=True, kw_only=True):
    """The sprint is gone from its tracker; it is made anew when it is needed."""

    tracker: str
    ref: str


class NameIteration(_Fact, frozen=True, kw_only=True):
    """People called the sprint `name` at `at`, the tracker's time."""

    tracker: str
    ref: str
    name: str
    at: datetime


class RecordPullRequest(_Fact, frozen=True, kw_only=True):
    """The pull request is known as told, unless something later is known."""

    pull_request: PullRequest


class RecordCheck(_Fact, frozen=True, kw_only=True):
    """The check is known as told, unless something later is known."""

    check: Check


class RecordDeployment(_Fact, frozen=True, kw_only=True):
    """The deployment is known as told, unless something later is known."""

    deployment: Deployment


class RecordWaiver(_Fact, frozen=True, kw_only=True):
    """At `at` somebody waived the metric gate of the pull request's commit, or took that back.

    What is told later of the same commit wins.
    """

    code: str
    number: int
    commit: str
    by: str
    reason: str
    at: datetime
    withdrawn: bool = False


class TrackExperiment(_Fact, frozen=True, kw_only=True):
    """At `at` somebody wished that the work item shows the experiment from sprint `number` on, or no longer.

    What is told later of the same experiment wins, whatever the settings plan.
    """

    project: str
    experiment: str
    number: int
    tracker: str
    ref: str
    by: str
    at: datetime
    stopped: bool = False


class RecordPlanWord(_Fact, frozen=True, kw_only=True):
    """Somebody said something of the plan of the experiment whose work item that is.

    What is told later on the same wins.
    """

    tracker: str
    ref: str
    word: PlanWord


class RecordApproval(_Fact, frozen=True, kw_only=True):
    """The approval is known as told, unless something later is known."""

    approval: Approval


class RecordCommand(_Fact, frozen=True, kw_only=True):
    """Somebody gave the command, and this came of it so far."""

    obeyed: Obeyed


class RecordGoal(_Fact, frozen=True, kw_only=True):
    """Somebody said what a sprint is for, or what came of it. `key` is the command's."""

    project: str
    key: str
    said: GoalSaid


class RecordResults(_Fact, frozen=True, kw_only=True):
    """The results are known as told, unless those of a later run are known."""

    results: Results


class FollowTrigger(_Fact, frozen=True, kw_only=True):
    """The run that the check speaks for stands as told, and somebody asked for it."""

    check: Check


class RecordLinks(_Fact, frozen=True, kw_only=True):
    """By its own words at `at` the pull request belongs to these work items of `tracker` and no others."""

    code: str
    number: int
    tracker: str
    refs: tuple[str, ...]
    at: datetime


class RecordLink(_Fact, frozen=True, kw_only=True):
    """At `at` the pull request was told to belong to the work item, or not to.

    What a person says stands above all else that is found; what the platform says, only for itself. Nothing
    else is told so. `by` is the person. `code` is as in `PullRequestLinked`.
    """

    code: str
    number: int
    tracker: str
    ref: str
    linked: bool
    at: datetime
    source: LinkSource
    by: str = ""


class RecordParent(_Fact, frozen=True, kw_only=True):
    """At `at` the work item was put below the other one, or taken from there."""

    tracker: str
    ref: str
    parent_tracker: str
    parent: str
    linked: bool
    at: datetime


class MoveWorkItem(_Fact, frozen=True, kw_only=True):
    """Whatever is known of a work item is known of the one that it became; `state` is ours."""

    old_tracker: str
    old_ref: str
    tracker: str
    ref: str
    state: TrackedState
    url: str
    at: datetime


class RecordRepository(_Fact, frozen=True, kw_only=True):
    """At `at` the repository can be written to, can only be read, or is gone."""

    code: str
    state: RepositoryState
    at: datetime


class RecordAlerts(_Fact, frozen=True, kw_only=True):
    """Alerts of one problem are known as told at `at`, unless something later is known.

    `rule`, `nature` and `labels` say which problem `key` is. `truncated` counts alerts that the sender left
    out. Where the alerts are all that there are, `complete`, the problem's others do not fire.
    """

    project: str
    door: str
    key: str
    rule: str
    labels: dict[str, str]
    alerts: tuple[Alert, ...]
    at: datetime
    nature: Nature = "model"
    truncated: int = 0
    complete: bool = False


class RecordStorm(_Fact, frozen=True, kw_only=True):
    """The problems `members`, which have no bugs of their own, are shown by one bug."""

    project: str
    door: str
    key: str
    rule: str
    members: tuple[str, ...]
    at: datetime


class RecordTouch(_Fact, frozen=True, kw_only=True):
    """Somebody changed the bug of a problem: it has to be read before it is written."""

    tracker: str
    ref: str
    at: datetime


class ClaimReport(_Fact, frozen=True, kw_only=True):
    """A report that was due at `due_at` is asked for, or passed over for a `reason`: once for each `key`.

    Where its state is `watched`, it is none, but the moment from which on reports of its kind are due for the
    target.
    """

    key: str
    project: str
    number: int
    report: ReportKind
    target: str
    state: Literal["watched", "asked", "skipped"]
    due_at: datetime
    at: datetime
    reason: str = ""


class HearOfReport(_Fact, frozen=True, kw_only=True):
    """The tracker told at `at` that the work item of a report changed; `touched`, somebody else did that."""

    tracker: str
    ref: str
    at: datetime
    touched: bool


class AnswerProblem(_Fact, frozen=True, kw_only=True):
    """Somebody answered the problem's bug at `at`, and wants it left alone until `quiet_until`, if ever."""

    key: str
    at: datetime
    quiet_until: datetime | None = None


class RecordQueued(_Fact, frozen=True, kw_only=True):
    """A merge queue tried the pull request as `commit`, which was made at `at`."""

    code: str
    number: int
    commit: str
    at: datetime


Fact = (
    RecordRun
    | RecordModel
    | RecordAlias
    | RecordServing
    | RecordWorkItem
    | RecordHappening
    | ForgetIteration
    | NameIteration
    | RecordPullRequest
    | RecordCheck
    | RecordDeployment
    | RecordApproval
    | RecordResults
    | RecordLinks
    | FollowTrigger
    | RecordLink
    | RecordParent
    | MoveWorkItem
    | RecordRepository
    | RecordAlerts
    | RecordStorm
    | RecordTouch
    | ClaimReport
    | HearOfReport
    | AnswerProblem
    | RecordQueued
    | RecordWaiver
    | RecordPlanWord
    | TrackExperiment
    | RecordCommand
    | RecordGoal
)
