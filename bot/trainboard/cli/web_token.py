"""`trainboard web-token`: the token with which people sign in, where the settings have none."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._output import config_option, json_option, opened_database, print_json

if TYPE_CHECKING:
    from trainboard.settings import Settings, TokenSignIn
    from trainboard.store.database import Database


@click.command()
@click.option(
    "--new", is_flag=True, help="Make another one; whoever signed in with the old one is signed out."
)
@json_option
@config_option
def command(*, config: Path | None, new: bool, as_json: bool) -> None:
    """Print the token with which people sign in to the pages.

    The service makes it where a [[sign_in]] of kind "token" has no token of its own.
    """
    from trainboard.wiring.entrance import read_web_token

    with opened_database(config) as (settings, database):
        way = _get_way(settings)
        if new:
            _renew(database, way.name)
        token = read_web_token(database)
    if as_json:
        print_json({"token": token})
    else:
        click.echo(token)


def _get_way(settings: "Settings") -> "TokenSignIn":
    from trainboard.errors import PermanentError
    from trainboard.settings import TokenSignIn

    ways = [way for way in settings.sign_in if isinstance(way, TokenSignIn)]
    made = [way for way in ways if way.token is None]
    if not made:
        raise PermanentError(
            "The token stands in the settings: look there."
            if ways
            else 'Nobody signs in with a token: the settings have no [[sign_in]] with kind = "token".'
        )
    return made[0]


def _renew(database: "Database", way: str) -> None:
    from trainboard.store import secrets, sessions

    with database.write() as connection:
        secrets.renew(connection, secrets.WEB_TOKEN)
        sessions.end_all(connection, way)
