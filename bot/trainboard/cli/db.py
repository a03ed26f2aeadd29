"""`trainboard db`: the database's schema, and copies of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._output import config_option, opened_database

if TYPE_CHECKING:
    from trainboard.store.backups import Copied

_file = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def command() -> None:
    """Look after the database."""


@command.command()
@config_option
def upgrade(config: Path | None) -> None:
    """Bring the schema to this version's; `serve` does it too."""
    from trainboard.settings import load
    from trainboard.store.database import Database
    from trainboard.store.migrations import upgrade as upgrade_schema

    database = Database(load(config).server.database.get_secret_value())
    upgrade_schema(database)
    database.close()
    click.echo("The schema is up to date.")


@command.command()
@_file
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
@config_option
def backup(file: Path, *, force: bool, config: Path | None) -> None:
    """Copy a SQLite database to FILE, also while the service runs."""
    from trainboard.store.backups import back_up

    copied = back_up(_find_sqlite(config, "pg_dump"), file, replace=force)
    click.echo(f"Copied {_tell(copied)} to {file}.")


@command.command()
@_file
@click.option("--force", is_flag=True, help="Replace the database that is there.")
@config_option
def restore(file: Path, *, force: bool, config: Path | None) -> None:
    """Put the backup FILE in the place of the SQLite database; stop the service before."""
    from trainboard.store.backups import restore as put_back
    from trainboard.store.migrations import newest

    copied = put_back(_find_sqlite(config, "pg_restore"), file, datetime.now(UTC), replace=force)
    click.echo(f"Restored {_tell(copied)} from {file}.")
    if copied.revision != newest():
        click.echo("Its schema is an earlier version's: trainboard db upgrade or the next start changes it.")


@command.command()
@config_option
def restored(config: Path | None) -> None:
    """Say that the database came from a backup by other means than `db restore`, as with pg_restore.

    For two weeks the bot then looks whether what it is about to make is there already.
    """
    from trainboard.store.clock import DatabaseClock
    from trainboard.store.intents import note_restored

    with opened_database(config) as (_, database):
        now = datetime.now(UTC) if database.is_sqlite else DatabaseClock(database)()
        with database.write() as connection:
            note_restored(connection, now)
    click.echo("Noted: for two weeks the bot looks for what it made after the backup.")


def _find_sqlite(config: Path | None, instead: str) -> str:
    from trainboard.settings import Finding, SettingsError, load

    url = load(config).server.database.get_secret_value()
    if not url.startswith("sqlite"):
        complaint = f"is no file of SQLite: use {instead}, PostgreSQL's own tool"
        raise SettingsError(Finding("server.database", None, complaint))
    return url


def _tell(copied: "Copied") -> str:
    known = "1 delivery" if copied.deliveries == 1 else f"{copied.deliveries} deliveries"
    return f"{copied.size_bytes / 1e6:.1f} MB with {known}"
