"""`trainboard report`: what a sprint came to."""

from datetime import UTC, datetime
from pathlib import Path

import click

from trainboard.cli._output import config_option, opened_database, print_json
from trainboard.cli._projects import choose_project, project_option


@click.command()
@click.option("--sprint", help="Its name or number; default the one under way.")
@project_option
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json", "csv"]), default="markdown", show_default=True
)
@config_option
def command(sprint: str | None, project_name: str | None, form: str, config: Path | None) -> None:
    """Print the report of a sprint: scope, burndown, velocity, flow and forecast."""
    from trainboard.rendering.report.markdown import render_report
    from trainboard.rendering.report.rows import render_csv
    from trainboard.rendering.report.values import report_values
    from trainboard.settings import projects_of
    from trainboard.store import reports

    with opened_database(config) as (settings, database), database.read() as connection:
        project = choose_project(projects_of(settings), project_name)
        now = datetime.now(UTC)
        report = reports.make(connection, project, reports.find_number(connection, project, sprint, now), now)
    match form:
        case "json":
            print_json(report_values(report))
        case "csv":
            click.echo(render_csv(report), nl=False)
        case _:
            click.echo(render_report(report))
