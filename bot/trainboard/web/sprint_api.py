"""Sprints as JSON: the same facts as their pages, and as `trainboard report --format json` prints."""

from typing import Any

import flask

from trainboard.rendering.report.values import report_values
from trainboard.web.problems import answer
from trainboard.web.site import Site
from trainboard.web.sprint_pages import Line, find_number, find_project, get_report, list_lines


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the addresses of the sprints' JSON to `blueprint`."""

    def sprints() -> flask.Response:
        project = find_project(site)
        with site.database.read() as connection:
            lines = list_lines(site, connection, project)
        return answer({"project": project.name, "sprints": [_line(each) for each in lines]})

    def sprint(project: str, sprint: str) -> flask.Response:
        policy = site.get_project(project)
        with site.database.read() as connection:
            number = find_number(site, connection, policy, sprint)
            report = get_report(site, connection, policy, number)
        return answer(report_values(report))

    blueprint.add_url_rule("/api/v1/sprints", "api_sprints", sprints)
    blueprint.add_url_rule("/api/v1/sprints/<project>/<sprint>", "api_sprint", sprint)


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.sprint.number,
        "name": line.sprint.name,
        "start": line.sprint.start,
        "end": line.sprint.end,
        "state": line.state,
        "committed": line.committed,
        "completed": line.completed,
        "items_completed": line.items,
    }
