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
    "--format",
    "form",
    type=click.Choice(["markdown", "html", "json", "csv"]),
    default="markdown",
    show_default=True,
)
@click.option(
    "--dialect",
    type=click.Choice(["plain", "github", "azure-boards", "azure-wiki"]),
    default="plain",
    show_default=True,
    help="Of Markdown: what the place that shows it can draw and fold.",
)
@config_option
def command(
    sprint: str | None, project_name: str | None, form: str, dialect: str, config: Path | None
) -> None:
    """Print the report of a sprint: its items, experiments, models, alerts and deployments."""
    from trainboard.rendering.report.dialects import DIALECTS
    from trainboard.rendering.report.markdown import render_report
    from trainboard.rendering.report.rows import render_csv
    from trainboard.rendering.report.values import report_values
    from trainboard.settings import projects_of
    from trainboard.store import reports

    with opened_database(config) as (settings, database), database.read() as connection:
        project = choose_project(projects_of(settings), project_name)
        now = datetime.now(UTC)
        root = settings.server.public_url
        report = reports.make(connection, project, reports.find_number(connection, project, sprint, now), now)
    page_url = f"{root}/sprints/{project.name}/{report.sprint.number}" if root else None
    match form:
        case "html":
            from trainboard.web.sprint_view import render_file

            click.echo(render_file(report))
        case "json":
            print_json(report_values(report))
        case "csv":
            click.echo(render_csv(report), nl=False)
        case _:
            click.echo(render_report(report, DIALECTS[dialect], page_url))
