"""How commits and models came into their environments."""

from datetime import timedelta

import flask
import msgspec

from trainboard.delivery_figures import Figures, measure
from trainboard.deployments import PackagedVersion, Step, Timelines, make_timelines
from trainboard.policy import Project
from trainboard.pull_requests import Approval
from trainboard.store import deployment_history
from trainboard.web.site import Site

MAX_ROWS = 50
MEASURED_DAYS = 30


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The timelines of a project and its figures of the last 30 days."""

    project: Project
    timelines: Timelines
    figures: Figures


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of this page to `blueprint`."""

    def deployments() -> str:
        return _render(site)

    blueprint.add_url_rule("/deployments", "deployments", deployments)


def tell(site: Site, project: Project) -> Told:
    """What is known of the project's deployments now."""
    now = site.clock()
    with site.database.read() as connection:
        history = deployment_history.find(connection, project.name, project.code, now)
    timelines = make_timelines(history, project.is_production)
    figures = measure(timelines, now - timedelta(days=MEASURED_DAYS), now)
    return Told(project=project, timelines=timelines, figures=figures)


def _render(site: Site) -> str:
    told = tell(site, site.choose_project(flask.request.args.get("project")))
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
