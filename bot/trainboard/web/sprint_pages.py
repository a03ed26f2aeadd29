"""The report of a sprint, and the list of sprints."""

from collections.abc import Mapping, Sequence
from typing import Literal

import flask
import msgspec
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from trainboard.errors import MissingError
from trainboard.iterations import Iteration
from trainboard.policy import Project
from trainboard.rendering.report.rows import render_csv
from trainboard.rendering.report.words import say
from trainboard.report.building import Report
from trainboard.report.happenings import Standing
from trainboard.report.velocity import Ended
from trainboard.store import iterations, reports
from trainboard.web.formats import web_url
from trainboard.web.site import Site

MOST_SPRINTS = 26
_MOST_DIGITS = 5


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint in the list; `state` is `under way`, `over` or `to come`, and None is what is not known."""

    sprint: Iteration
    state: Literal["under way", "over", "to come"]
    committed: str | None = None
    completed: str | None = None
    items: int | None = None


class _Pages:
    def __init__(self, site: Site) -> None:
        self._site = site

    def list_sprints(self) -> str:
        """All sprints of a project, of the first one without a name."""
        site = self._site
        project = find_project(site)
        with site.database.read() as connection:
            lines = list_lines(site, connection, project)
            troubles = site.find_troubles(connection)
        return flask.render_template(
            "sprints.html", site=site, project=project, lines=lines, troubles=troubles, now=site.clock()
        )

    def show(self, project: str, sprint: str) -> str | Response:
        """What the sprint came to, or when it begins."""
        from trainboard.web.sprint_view import view_of

        site = self._site
        policy = site.get_project(project)
        with site.database.read() as connection:
            number = find_number(site, connection, policy, sprint)
            if sprint != str(number):
                return flask.redirect(flask.url_for("pages.report", project=project, sprint=number))
            report = find_report(site, connection, policy, number)
            known = site.get_sprint(connection, policy, number)
            troubles = site.find_troubles(connection)
        shown = {} if report is None else view_of(report, _link_items(policy))
        return flask.render_template(
            "sprint.html",
            site=site,
            project=policy,
            sprint=known,
            current=site.current(policy).number,
            progress=site.progress(policy, known),
            troubles=troubles,
            now=site.clock(),
            **shown,
        )

    def download(self, project: str, sprint: str) -> flask.Response:
        """The sprint's items as a table for spreadsheets."""
        with self._site.database.read() as connection:
            policy = self._site.get_project(project)
            number = find_number(self._site, connection, policy, sprint)
            report = get_report(self._site, connection, policy, number)
        response = flask.Response(render_csv(report), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f"attachment; filename=sprint-{number}.csv"
        return response


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the addresses of these pages to `blueprint`."""
    shown = _Pages(site)
    blueprint.add_url_rule("/sprints", "sprints", shown.list_sprints)
    blueprint.add_url_rule("/sprints/<project>/<sprint>", "report", shown.show)
    blueprint.add_url_rule("/sprints/<project>/<sprint>/items.csv", "report_csv", shown.download)


def find_project(site: Site) -> Project:
    """The project that the request names, the first one without a name.

    Raises:
        NotFound: none of that name is configured, or none at all.
    """
    if not site.projects:
        raise NotFound("No project is configured.")
    return site.get_project(flask.request.args.get("project") or next(iter(site.projects)))


def find_number(site: Site, connection: Connection, project: Project, sprint: str) -> int:
    """The number of the sprint that has that number or is called so.

    Raises:
        NotFound: there is none; the text names those that are known.
    """
    current = site.current(project).number
    if sprint.isascii() and sprint.isdecimal() and len(sprint) <= _MOST_DIGITS and int(sprint):
        return site.get_sprint(connection, project, int(sprint)).number
    found = iterations.find_number(connection, project.name, sprint)
    if found is None:
        names = iterations.list_names(connection, project.name)
        known = f"Known are: {', '.join(names)}." if names else f"The one under way is number {current}."
        raise NotFound(f"{project.name} has no sprint of that name or number. {known}")
    return found


def find_report(site: Site, connection: Connection, project: Project, number: int) -> Report | None:
    """The sprint's report now, None where it did not begin yet or nothing is known of the project."""
    if number > site.current(project).number:
        return None
    try:
        return reports.make(connection, project, number, site.clock())
    except MissingError:
        return None


def get_report(site: Site, connection: Connection, project: Project, number: int) -> Report:
    """The same.

    Raises:
        NotFound: there is none, and why.
    """
    report = find_report(site, connection, project, number)
    if report is not None:
        return report
    sprint = site.get_sprint(connection, project, number)
    if number > site.current(project).number:
        raise NotFound(f"Sprint {number} of {project.name} begins on {sprint.start}.")
    raise NotFound(
        f"Nothing is known yet of what stands in the sprints of {project.name}: the service looks half a "
        "minute after it started, and then every hour."
    )


def list_lines(site: Site, connection: Connection, project: Project) -> Sequence[Line]:
    """The sprint under way, then those that are over, the latest first, and at last those to come."""
    current = site.current(project).number
    report = find_report(site, connection, project, current)
    ended = {} if report is None else {each.number: each for each in report.velocity.sprints}
    made = iterations.list_numbered(connection, project.name)
    last = max([current + project.create_ahead, *made])
    first = max(1, current - MOST_SPRINTS + 1)
    lines = [
        _make_line(site.get_sprint(connection, project, number), current, report, ended)
        for number in (*range(current, first - 1, -1), *range(current + 1, min(last, current + 5) + 1))
    ]
    return [each for each in lines if each.sprint.number > 0]


def _make_line(sprint: Iteration, current: int, report: Report | None, ended: Mapping[int, Ended]) -> Line:
    if sprint.number > current:
        return Line(sprint=sprint, state="to come")
    if sprint.number == current:
        if report is None:
            return Line(sprint=sprint, state="under way")
        return Line(
            sprint=sprint,
            state="under way",
            committed=say(report.scope.committed.points),
            completed=say(report.scope.completed.points),
            items=report.scope.completed.count,
        )
    known = ended.get(sprint.number)
    if known is None:
        return Line(sprint=sprint, state="over")
    return Line(
        sprint=sprint,
        state="over",
        committed=say(known.committed),
        completed=say(known.completed),
        items=known.items,
    )


def _link_items(project: Project) -> "_Link":
    return _Link(is_local=project.tracker.startswith("local:"))


class _Link(msgspec.Struct, frozen=True):
    is_local: bool

    def __call__(self, standing: Standing) -> str | None:
        """Where the item stands: on a page of ours, or in its tracker."""
        if self.is_local and standing.item.isdecimal():
            return flask.url_for("pages.item", ref=int(standing.item))
        return web_url(standing.url)
