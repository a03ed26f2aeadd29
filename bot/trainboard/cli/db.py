"""`trainboard db`: the database's schema."""

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Look after the database."""


@command.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
def upgrade(config: Path | None) -> None:
    """Bring the schema to this version's; `serve` does it too."""
    from trainboard.settings import load
    from trainboard.store.database import Database
    from trainboard.store.migrations import upgrade as upgrade_schema

    database = Database(load(config).server.database.get_secret_value())
    upgrade_schema(database)
    database.close()
    click.echo("The schema is up to date.")
