"""How commits and models came into their environments: the same facts as the page."""

from datetime import timedelta
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.deployments import Environment as KnownEnvironment
from trainboard.deployments import ModelTimeline, PackagedVersion, Step
from trainboard.deployments import Moment as KnownMoment
from trainboard.pull_requests import Approval as KnownApproval
from trainboard.runs import Time
from trainboard.web.api.asking import Name
from trainboard.web.api.operations import operation
from trainboard.web.deployment_pages import MAX_ROWS, MEASURED_DAYS, Told, kind_of, tell
from trainboard.web.site import Site


class DeploymentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of the last `days` days, of production; null where nothing is known.

    `change_failure_rate` is a part, from 0 to 1.
    """

    days: int
    deployments_per_week: float | None
    lead_time_seconds: float | None
    change_failure_rate: float | None
    time_to_restore_seconds: float | None


class ApprovalLine(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's word that a run waits for: of the `approvers`, `by` answered.

    `state` is `pending`, `approved`, `rejected`, `skipped` or `timed out`.
    """

    environment: str | None
    commit: str | None
    state: str
    at: Time
    by: str | None
    approvers: tuple[str, ...]


class DeployedPullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A merged pull request that came with a deployment."""

    number: int
    title: str
    url: str


class DeployedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A model version of a deployed commit."""

    name: str
    version: str


class DeploymentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment; `ref` is the platform's number.

    `state` is `waiting`, `running`, `succeeded`, `failed`, `cancelled`, `replaced`, `rolled back` or
    `without news`.
    """

    ref: str
    environment: str
    commit: str | None
    state: str
    rollback: bool
    at: Time
    url: str | None
    pull_requests: tuple[DeployedPullRequest, ...]
    models: tuple[DeployedVersion, ...]
    approvals: tuple[ApprovalLine, ...]


class EnvironmentTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """An environment: what stands there since when, and its last fifty deployments, the latest first.

    `approvals` are those of no deployment that is known.
    """

    name: str
    production: bool
    commit: str | None
    since: Time | None
    deployments: tuple[DeploymentLine, ...]
    approvals: tuple[ApprovalLine, ...]


class ModelPlace(msgspec.Struct, frozen=True, kw_only=True):
    """An alias or an endpoint, and the version there; null where nothing is in use."""

    kind: str
    name: str
    service: str | None
    production: bool
    version: str | None
    since: Time | None


class ModelMoment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to versions of a model.

    `kind` is `version`, `approval`, `deployment`, `alias` or `endpoint`. Each kind has members of its own.
    """

    at: Time
    kind: Literal["version", "approval", "deployment", "alias", "endpoint"]
    versions: tuple[str, ...]
    environment: str | UnsetType | None = UNSET
    commit: str | UnsetType | None = UNSET
    aliases: tuple[str, ...] | UnsetType = UNSET
    state: str | UnsetType = UNSET
    rollback: bool | UnsetType = UNSET
    by: str | UnsetType | None = UNSET
    approvers: tuple[str, ...] | UnsetType = UNSET


class ModelHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A registered model: where its versions are in use, and its last fifty moments, the latest first."""

    name: str
    places: tuple[ModelPlace, ...]
    moments: tuple[ModelMoment, ...]


class Deployments(msgspec.Struct, frozen=True, kw_only=True):
    """Environments, those of production first, and models."""

    project: str
    code: str | None
    figures: DeploymentFigures
    environments: tuple[EnvironmentTimeline, ...]
    models: tuple[ModelHistory, ...]


class DeploymentsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Of which project."""

    project: Name | None = None


@operation("/api/v1/deployments", scope="code:read", group="Deployments")
def list_deployments(site: Site, asked: DeploymentsAsked) -> Deployments:
    """What was deployed where, what became of it, and the way of each model."""
    told = tell(site, site.choose_project(asked.project))
    return Deployments(
        project=told.project.name,
        code=told.project.code,
        figures=_figures(told),
        environments=tuple(map(_environment, told.timelines.environments)),
        models=tuple(map(_model, told.timelines.models)),
    )


def approval_of(approval: KnownApproval) -> ApprovalLine:
    """The approval as programs are told of it."""
    return ApprovalLine(
        environment=approval.environment or None,
        commit=approval.commit,
        state=approval.state,
        at=approval.at,
        by=approval.by or None,
        approvers=approval.approvers,
    )


def _figures(told: Told) -> DeploymentFigures:
    return DeploymentFigures(
        days=MEASURED_DAYS,
        deployments_per_week=told.figures.deployments_per_week,
        lead_time_seconds=_seconds(told.figures.lead_time),
        change_failure_rate=told.figures.change_failure_rate,
        time_to_restore_seconds=_seconds(told.figures.time_to_restore),
    )


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _environment(environment: KnownEnvironment) -> EnvironmentTimeline:
    standing = environment.standing
    return EnvironmentTimeline(
        name=environment.name,
        production=environment.is_production,
        commit=standing.deployment.commit if standing else None,
        since=standing.at if standing else None,
        deployments=tuple(map(_step, environment.steps[:MAX_ROWS])),
        approvals=tuple(map(approval_of, environment.approvals[:MAX_ROWS])),
    )


def _step(step: Step) -> DeploymentLine:
    return DeploymentLine(
        ref=step.deployment.ref,
        environment=step.deployment.environment,
        commit=step.deployment.commit,
        state=step.state,
        rollback=step.is_rollback,
        at=step.at,
        url=step.deployment.url or None,
        pull_requests=tuple(
            DeployedPullRequest(number=each.number, title=each.title, url=each.url)
            for each in step.pull_requests
        ),
        models=tuple(DeployedVersion(name=each.model, version=each.version) for each in step.versions),
        approvals=tuple(map(approval_of, step.approvals)),
    )


def _model(model: ModelTimeline) -> ModelHistory:
    return ModelHistory(
        name=model.name,
        places=tuple(map(_place, model.places)),
        moments=tuple(map(_moment, model.moments[:MAX_ROWS])),
    )


def _place(place: KnownEnvironment) -> ModelPlace:
    standing = place.standing
    return ModelPlace(
        kind=place.kind,
        name=place.name,
        service=place.service or None,
        production=place.is_production,
        version=standing.versions[0].version if standing else None,
        since=standing.at if standing else None,
    )


def _moment(moment: KnownMoment) -> ModelMoment:
    kind = kind_of(moment.what)
    match moment.what:
        case PackagedVersion() as version:
            told: dict[str, Any] = {"commit": version.commit, "aliases": version.aliases}
        case KnownApproval() as approval:
            told = msgspec.structs.asdict(approval_of(approval))
        case step:
            told = {
                "environment": step.deployment.environment,
                "commit": step.deployment.commit,
                "state": step.state,
                "rollback": step.is_rollback,
            }
    return ModelMoment(**{"at": moment.at, "kind": kind, "versions": moment.versions, **told})
