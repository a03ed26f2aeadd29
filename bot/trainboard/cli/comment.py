"""`trainboard comment`: say something on a work item of a local board."""

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from trainboard.cli._output import config_option, json_option, opened_database, print_json

_BOT = "trainboard"
_MAX_CHARACTERS = 65_536
_MAX_NUMBER = 10**17


def _check_author(ctx: click.Context, param: click.Parameter, value: str) -> str:
    name = " ".join(value.split())
    if not name.isprintable() or not name:
        raise click.BadParameter(f"{value!r} is no name.", ctx, param)
    if name.casefold() == _BOT:
        raise click.BadParameter("The bot does not obey itself: name somebody else.", ctx, param)
    return name


def _check_text(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("It says nothing.", ctx, param)
    if len(value) > _MAX_CHARACTERS:
        raise click.BadParameter(f"A comment has at most {_MAX_CHARACTERS:,} characters.", ctx, param)
    return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


@click.command()
@click.argument("work_item", type=click.IntRange(1, _MAX_NUMBER))
@click.argument("text", callback=_check_text)
@click.option(
    "--as", "author", default=getpass.getuser, callback=_check_author, help="Who writes it; default you."
)
@json_option
@config_option
def command(*, work_item: int, text: str, author: str, config: Path | None, as_json: bool) -> None:
    """Write TEXT as a comment on WORK_ITEM, a number of a local board.

    A running service does what it commands, as in: trainboard comment 12 "/sprint next". On GitHub and Azure
    DevOps write comments there.
    """
    from trainboard.applying.local_comments import write_comment
    from trainboard.settings import projects_of

    with opened_database(config) as (settings, database):
        trackers = {project.name: project.tracker for project in projects_of(settings)}
        boards = {name for name, tracker in trackers.items() if tracker == f"local:{name}"}
        comment, hint = write_comment(database, boards, work_item, author, text, datetime.now(UTC))
    if as_json:
        is_command = hint is not None
        print_json({"work_item": work_item, "comment": int(comment.ref), "is_command": is_command})
        return
    soon = " It may command something: a running service takes it up within seconds." if hint else ""
    click.echo(f"Comment {comment.ref} stands on work item {work_item}.{soon}")
