"""What is known. A fact is a row of our own, written in the transaction of the delivery that told it."""

from datetime import datetime

import msgspec

from trainboard.pull_requests import Approval, Check, Deployment, PullRequest
from trainboard.results import Results
from trainboard.runs import RunReport
from trainboard.work_items import TrackedState


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind", omit_defaults=True):
    pass


class RecordRun(_Fact, frozen=True, kw_only=True):
    """The run is known as `report` says, merged with what was known.

    It counts in sprint `number`; `planned` tells that its experiment gets work items.
    """

    project: str
    number: int
    planned: bool
    at: datetime
    report: RunReport


class RecordModel(_Fact, frozen=True, kw_only=True):
    """A model version, its alias and the run that made it are known."""

    project: str
    model: str
    version: str
    at: datetime
    alias: str | None = None
    cleared_alias: str | None = None
    run_id: str | None = None


class RecordWorkItem(_Fact, frozen=True, kw_only=True):
    """Our copy of a work item's title, state and sprint is what its tracker said at `at`."""

    tracker: str
    ref: str
    title: str
    state: TrackedState
    at: datetime


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


class RecordApproval(_Fact, frozen=True, kw_only=True):
    """The approval is known as told, unless something later is known."""

    approval: Approval


class RecordResults(_Fact, frozen=True, kw_only=True):
    """The results are known as told, unless those of a later run are known."""

    results: Results


class RecordLinks(_Fact, frozen=True, kw_only=True):
    """By its own words at `at` the pull request belongs to these work items of `tracker` and no others."""

    code: str
    number: int
    tracker: str
    refs: tuple[str, ...]
    at: datetime


Fact = (
    RecordRun
    | RecordModel
    | RecordWorkItem
    | ForgetIteration
    | NameIteration
    | RecordPullRequest
    | RecordCheck
    | RecordDeployment
    | RecordApproval
    | RecordResults
    | RecordLinks
)
