"""`trainboard plan`: what fits into the next sprint."""

from pathlib import Path

import click

from trainboard.cli._output import config_option, json_option, opened_database, print_json
from trainboard.cli._projects import choose_project, project_option


@click.command()
@project_option
@json_option
@config_option
def command(project_name: str | None, config: Path | None, *, as_json: bool) -> None:
    """Print what fits into the next sprint, in order. Reads the tracker, and changes nothing."""
    from trainboard.applying.plans import make_plan
    from trainboard.budgets.memory import MemoryBudgets
    from trainboard.iterations import iteration_at
    from trainboard.rendering.plan import render_plan
    from trainboard.settings import projects_of
    from trainboard.store import budgets
    from trainboard.wiring import adapters, utc_now

    with opened_database(config) as (settings, database):
        project = choose_project(projects_of(settings), project_name)
        with database.read() as connection:
            known = budgets.list_all(connection)
        trackers = adapters.trackers(settings, [project], database, utc_now, MemoryBudgets(utc_now, known))
        tracker, now = trackers[project.name], utc_now()
        number = iteration_at(project.sprint, now).number + 1
        plan = make_plan(project, number, tracker, database, now)
    if as_json:
        print_json(plan)
    else:
        click.echo(render_plan(plan))
