"""`trainboard report`: what a sprint came to."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._output import config_option, opened_database, print_json

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from trainboard.policy import Project
    from trainboard.report.building import Report


@click.command()
@click.option("--sprint", help="Its name or number; default the one under way.")
@click.option("--project", "project_name", help="Needed where there are several.")
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json", "csv"]), default="markdown", show_default=True
)
@config_option
def command(sprint: str | None, project_name: str | None, form: str, config: Path | None) -> None:
    """Print the report of a sprint: scope, burndown, velocity, flow and forecast."""
    from trainboard.rendering.report import render_csv, render_report, report_values
    from trainboard.settings import projects_of

    with opened_database(config) as (settings, database), database.read() as connection:
        project = _choose(list(projects_of(settings)), project_name)
        report = _build(connection, project, sprint, datetime.now(UTC))
    match form:
        case "json":
            print_json(report_values(report))
        case "csv":
            click.echo(render_csv(report), nl=False)
        case _:
            click.echo(render_report(report))


def _choose(projects: "list[Project]", name: str | None) -> "Project":
    named = [each for each in projects if name in {None, each.name}]
    if len(named) != 1:
        known = ", ".join(each.name for each in projects)
        complaint = f"There is no project {name!r}" if name and not named else "Say which project"
        raise click.UsageError(f"{complaint}: --project takes one of {known}.")
    return named[0]


def _build(connection: "Connection", project: "Project", sprint: str | None, now: datetime) -> "Report":
    from trainboard.errors import MissingError
    from trainboard.report.building import History, build
    from trainboard.report.happenings import Past
    from trainboard.store import item_history, iterations

    known_since = item_history.find_beginning(connection, project.name)
    if known_since is None:
        raise MissingError(
            f"Nothing is known yet of what stands in the sprints of {project.name}: the service looks half a "
            "minute after it started, and then every hour."
        )
    number = _find_number(connection, project, sprint, now)
    names = iterations.list_numbered(connection, project.name)
    past = Past(item_history.list_of(connection, project.name))
    history = History(project=project.name, past=past, known_since=known_since, names=names)
    return build(history, project.sprint, number, now)


def _find_number(connection: "Connection", project: "Project", sprint: str | None, now: datetime) -> int:
    from trainboard.errors import MissingError
    from trainboard.iterations import iteration_at
    from trainboard.store import iterations

    current = iteration_at(project.sprint, now).number
    if sprint is None:
        return current
    found = iterations.find_number(connection, project.name, sprint)
    if found is None and sprint.isdecimal() and len(sprint) < 6:  # noqa: PLR2004  so many sprints nobody has
        found = int(sprint)
    if found is None or not 0 < found <= current:
        known = ", ".join(iterations.list_names(connection, project.name)) or "none"
        raise MissingError(f"No sprint {sprint!r} of {project.name} has begun. Known are: {known}.")
    return found
