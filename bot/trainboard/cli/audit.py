"""`trainboard audit`: who commanded what, where, and what came of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._output import config_option, opened_database

if TYPE_CHECKING:
    from trainboard.comments import Obeyed

COLUMNS = (
    "at",
    "person",
    "person_id",
    "place",
    "ref",
    "comment",
    "command",
    "state",
    "denied",
    "did",
    "answer",
)
_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command()
@click.option("--since", type=_DAY, help="From this day or moment on, in UTC.")
@click.option("--until", type=_DAY, help="Before this moment, or to the end of this day, in UTC.")
@click.option(
    "--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", help="Default jsonl."
)
@config_option
def command(since: datetime | None, until: datetime | None, shape: str, config: Path | None) -> None:
    """Print every command that somebody gave in a comment, the oldest first.

    Refused ones are among them. Each line has the person with the id that the platform gave them, the place,
    the comment, the command as it was written, what came of it, what it did, and what was answered.
    """
    from trainboard.store import commands

    with opened_database(config) as (_, database), database.read() as connection:
        found = commands.list_between(connection, _aware(since), _end(until))
        for line in _lines(found, shape):
            click.echo(line)


def _lines(found: "Iterator[Obeyed]", shape: str) -> Iterator[str]:
    import json

    from trainboard.rendering.spreadsheets import render_csv

    if shape == "csv":
        yield ",".join(COLUMNS)
    for each in found:
        values = _values(each)
        yield (
            json.dumps(values)
            if shape == "jsonl"
            else render_csv([list(map(str, values.values()))]).rstrip("\n")
        )


def _values(each: "Obeyed") -> dict[str, str | bool]:
    return dict(
        zip(
            COLUMNS,
            (
                each.at.astimezone(UTC).isoformat(),
                each.person.name,
                each.person.id,
                each.origin.place,
                each.origin.ref,
                each.comment,
                each.text,
                str(each.state),
                each.denied,
                "; ".join(each.plan),
                each.said,
            ),
            strict=True,
        )
    )


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _end(moment: datetime | None) -> datetime | None:
    """The day itself is meant too."""
    if moment is None:
        return None
    whole_day = moment.time() == datetime.min.time()
    return moment.replace(tzinfo=UTC) + (timedelta(days=1) if whole_day else timedelta(0))
