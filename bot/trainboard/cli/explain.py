"""`trainboard explain`: why the bot did what it did."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._output import config_option, json_option, opened_database, print_json

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from trainboard.store.history import Subject


@click.command()
@click.argument("work_item")
@json_option
@config_option
def command(work_item: str, *, config: Path | None, as_json: bool) -> None:
    """Tell what was done to WORK_ITEM, in the order of time, and which deliveries asked for it.

    WORK_ITEM is the name of an experiment, a number like 12 or "#12", owner/repository#12, or the address
    of the work item.
    """
    from trainboard.cli._history_text import history_values, render_history
    from trainboard.store import history

    with opened_database(config) as (_, database), database.read() as connection:
        told = [
            (subject, history.list_effects(connection, subject), history.list_events(connection, subject))
            for subject in _list_subjects(connection, work_item)
        ]
    if as_json:
        print_json([history_values(*each) for each in told])
    else:
        click.echo("\n\n".join(render_history(*each) for each in told))


def _list_subjects(connection: "Connection", work_item: str) -> "tuple[Subject, ...]":
    from trainboard.errors import MissingError
    from trainboard.store import history

    subjects = history.list_subjects(connection, work_item.strip())
    if not subjects:
        raise MissingError(
            f"No work item and no experiment is known as {work_item!r}: name an experiment, #12, "
            "owner/repository#12, or the work item's address."
        )
    return subjects
