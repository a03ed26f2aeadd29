"""Which project a command is about."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from trainboard.policy import Project

project_option = click.option("--project", "project_name", help="Needed where there are several.")


def choose_project(projects: "Sequence[Project]", name: str | None) -> "Project":
    """The project of that name, or the only one.

    Raises:
        click.UsageError: there is none of that name, or several and no name.
    """
    named = [each for each in projects if name in {None, each.name}]
    if len(named) != 1:
        known = ", ".join(each.name for each in projects)
        complaint = f"There is no project {name!r}" if name and not named else "Say which project"
        raise click.UsageError(f"{complaint}: --project takes one of {known}.")
    return named[0]
