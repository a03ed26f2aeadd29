"""The pull requests of a project: their checks, their gate, their work items and where they were deployed."""

from datetime import datetime

import flask
import msgspec
from sqlalchemy import Connection

from trainboard.item_links import Link
from trainboard.policy import Project
from trainboard.pull_request_view import PullRequestView
from trainboard.rendering.checks import count_checks, mark_of, render_deployments
from trainboard.rendering.metric_gate import render_gate_title
from trainboard.store import items, pull_request_status, pull_requests
from trainboard.store.items import KnownItem
from trainboard.views.pull_requests import view_of
from trainboard.web.markdown import render_markdown
from trainboard.web.site import Site

MAX_ROWS = 50


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request with the work items that it belongs to; None for one that we know only by its number.

    `gate` says how its metric gate stands.
    """

    view: PullRequestView
    gate: str
    work_items: tuple[tuple[Link, KnownItem | None], ...]


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of this page to `blueprint`."""
    blueprint.add_url_rule("/pull-requests", "pull_requests", lambda: _render(site))


def list_lines(connection: Connection, project: Project, now: datetime) -> list[Line]:
    """The fifty that changed last, open ones first, the latest first."""
    if not project.code:
        return []
    found = pull_requests.list_latest(connection, project.code, MAX_ROWS)
    ordered = sorted(found, key=lambda each: (each.state == "open", each.at), reverse=True)
    lines = []
    for told in ordered:
        paths = pull_request_status.get(connection, told.code, told.number).paths
        view = view_of(connection, told, paths, now, project)
        known = ((link, items.find_by_ref(connection, link.tracker, link.ref)) for link in view.links)
        gate = render_gate_title(view.verdict, told.head)
        lines.append(Line(view=view, gate=gate, work_items=tuple(known)))
    return lines


def _render(site: Site) -> str:
    project = site.choose_project(flask.request.args.get("project"))
    now = site.clock()
    with site.database.read() as connection:
        lines = list_lines(connection, project, now)
        troubles = site.find_troubles(connection)
    return flask.render_template(
        "pull_requests.html",
        site=site,
        project=project,
        lines=lines,
        max_rows=MAX_ROWS,
        count_checks=count_checks,
        mark_of=mark_of,
        render_deployments=render_deployments,
        render_markdown=render_markdown,
        troubles=troubles,
        now=now,
    )
