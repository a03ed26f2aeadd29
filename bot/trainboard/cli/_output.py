"""What commands that look into the database share: where it is, and how results are printed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from trainboard.settings import Settings
    from trainboard.store.database import Database

config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@contextmanager
def opened_database(config: Path | None) -> Iterator[tuple["Settings", "Database"]]:
    """The settings and their database, beside which the service may be running."""
    from trainboard.settings import load
    from trainboard.store.opening import opened

    settings = load(config)
    with opened(settings.server.database.get_secret_value()) as database:
        yield settings, database


def print_json(value: object) -> None:
    """One JSON document in ASCII, so that nothing in it steers a terminal."""
    import json

    import msgspec

    plain = msgspec.to_builtins(value, builtin_types=(datetime,))
    click.echo(json.dumps(plain, indent=2, default=datetime.isoformat).replace("\x7f", "\\u007f"))


def second(moment: datetime | None) -> str:
    """`2026-11-18 10:05:00`, in UTC; a dash for None."""
    return "-" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
