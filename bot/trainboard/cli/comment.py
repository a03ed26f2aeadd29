"""`trainboard comment`: say something on a work item of a local board."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._output import config_option, json_option, opened_database, print_json

if TYPE_CHECKING:
    from trainboard.settings import Settings
    from trainboard.store.database import Database
    from trainboard.work_items import Comment

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
    with opened_database(config) as (settings, database):
        comment, is_command = _write(settings, database, work_item, author, text)
    if as_json:
        print_json({"work_item": work_item, "comment": int(comment.ref), "is_command": is_command})
        return
    soon = " It may command something: a running service takes it up within seconds." if is_command else ""
    click.echo(f"Comment {comment.ref} stands on work item {work_item}.{soon}")


def _write(
    settings: "Settings", database: "Database", number: int, author: str, text: str
) -> "tuple[Comment, bool]":
    """The comment and the word of it, together; and whether it may command something."""
    from trainboard.applying import finding_comments
    from trainboard.comments import find_hint
    from trainboard.errors import MissingError
    from trainboard.settings import projects_of
    from trainboard.store import local_board
    from trainboard.triggers import Origin

    now = datetime.now(UTC)
    boards = {each.tracker for each in projects_of(settings)}
    with database.write() as connection:
        item = local_board.find_item(connection, number)
        if item is None or f"local:{item.board}" not in boards:
            raise MissingError(f"No local board has a work item {number}. Its page shows its number.")
        comment = local_board.write_comment(connection, number, author, text, now)
        origin = Origin(place=f"local:{item.board}", ref=str(number))
        hint = find_hint(origin, comment, local_board.see_item(item))
        finding_comments.put(connection, [hint] if hint else [], now)
    return comment, hint is not None
