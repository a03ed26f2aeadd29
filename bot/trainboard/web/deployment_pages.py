"""How commits and models came into their environments: the page, and the same facts as JSON."""

from datetime import timedelta
from typing import Any

import flask
import msgspec
from werkzeug.exceptions import NotFound

from trainboard.delivery_figures import Figures, measure
from trainboard.deployments import (
    Environment,
    ModelTimeline,
    Moment,
    PackagedVersion,
    Step,
    Timelines,
    make_timelines,
)
from trainboard.policy import Project
from trainboard.pull_requests import Approval
from trainboard.store import deployment_history
from trainboard.web.problems import answer
from trainboard.web.site import Site

MAX_ROWS = 50
MEASURED_DAYS = 30


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The timelines of a project and its figures of the last 30 days."""

    project: Project
    timelines: Timelines
    figures: Figures


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the addresses of the page and of its JSON to `blueprint`."""

    def deployments() -> str:
        return _render(site)

    def api_deployments() -> flask.Response:
        return answer(_document(_tell(site, _chosen(site))))

    blueprint.add_url_rule("/deployments", "deployments", deployments)
    blueprint.add_url_rule("/api/v1/deployments", "api_deployments", api_deployments)


def _chosen(site: Site) -> Project:
    """The project that was asked for, or the first one."""
    name = flask.request.args.get("project")
    if name is None and not site.projects:
        raise NotFound("No project is configured.")
    return site.get_project(next(iter(site.projects)) if name is None else name)


def _tell(site: Site, project: Project) -> Told:
    now = site.clock()
    with site.database.read() as connection:
        history = deployment_history.find(connection, project.name, project.code, now)
    timelines = make_timelines(history, project.is_production)
    figures = measure(timelines, now - timedelta(days=MEASURED_DAYS), now)
    return Told(project=project, timelines=timelines, figures=figures)


def _render(site: Site) -> str:
    told = _tell(site, _chosen(site))
    with site.database.read() as connection:
        troubles = site.find_troubles(connection)
    return flask.render_template(
        "deployments.html",
        site=site,
        project=told.project,
        timelines=told.timelines,
        figures=told.figures,
        measured_days=MEASURED_DAYS,
        max_rows=MAX_ROWS,
        kind_of=kind_of,
        troubles=troubles,
        now=site.clock(),
    )


def kind_of(what: PackagedVersion | Approval | Step) -> str:
    """`version`, `approval`, `alias`, `endpoint` or `deployment`."""
    match what:
        case PackagedVersion():
            return "version"
        case Approval():
            return "approval"
        case step:
            return "deployment" if step.kind == "environment" else step.kind


def _document(told: Told) -> dict[str, Any]:
    return {
        "project": told.project.name,
        "code": told.project.code,
        "figures": {
            "days": MEASURED_DAYS,
            "deployments_per_week": told.figures.deployments_per_week,
            "lead_time_seconds": _seconds(told.figures.lead_time),
            "change_failure_rate": told.figures.change_failure_rate,
            "time_to_restore_seconds": _seconds(told.figures.time_to_restore),
        },
        "environments": [_environment(each) for each in told.timelines.environments],
        "models": [_model(each) for each in told.timelines.models],
    }


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _environment(environment: Environment) -> dict[str, Any]:
    standing = environment.standing
    return {
        "name": environment.name,
        "production": environment.is_production,
        "commit": standing.deployment.commit if standing else None,
        "since": standing.at if standing else None,
        "deployments": [_step(step) for step in environment.steps[:MAX_ROWS]],
        "approvals": [_approval(each) for each in environment.approvals[:MAX_ROWS]],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "ref": step.deployment.ref,
        "environment": step.deployment.environment,
        "commit": step.deployment.commit,
        "state": step.state,
        "rollback": step.is_rollback,
        "at": step.at,
        "url": step.deployment.url or None,
        "pull_requests": [
            {"number": each.number, "title": each.title, "url": each.url} for each in step.pull_requests
        ],
        "models": [{"name": each.model, "version": each.version} for each in step.versions],
        "approvals": [_approval(each) for each in step.approvals],
    }


def _approval(approval: Approval) -> dict[str, Any]:
    return {
        "environment": approval.environment or None,
        "commit": approval.commit,
        "state": approval.state,
        "at": approval.at,
        "by": approval.by or None,
        "approvers": approval.approvers,
    }


def _model(model: ModelTimeline) -> dict[str, Any]:
    return {
        "name": model.name,
        "places": [_place(each) for each in model.places],
        "moments": [_moment(each) for each in model.moments[:MAX_ROWS]],
    }


def _place(place: Environment) -> dict[str, Any]:
    standing = place.standing
    return {
        "kind": place.kind,
        "name": place.name,
        "service": place.service or None,
        "production": place.is_production,
        "version": standing.versions[0].version if standing else None,
        "since": standing.at if standing else None,
    }


def _moment(moment: Moment) -> dict[str, Any]:
    told = {"at": moment.at, "kind": kind_of(moment.what), "versions": moment.versions}
    match moment.what:
        case PackagedVersion() as version:
            return told | {"commit": version.commit, "aliases": version.aliases}
        case Approval() as approval:
            return told | _approval(approval)
        case step:
            return told | {
                "environment": step.deployment.environment,
                "commit": step.deployment.commit,
                "state": step.state,
                "rollback": step.is_rollback,
            }
