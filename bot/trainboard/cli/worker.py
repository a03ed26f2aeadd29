"""`trainboard worker`: works on what came in, one of several processes over PostgreSQL."""

from pathlib import Path

import click

from trainboard.cli._probing import probing, run_part


@click.command()
@probing
def command(config: Path | None, host: str, port: int | None) -> None:
    """Work on what comes in, beside `web` and `scheduler`."""
    from trainboard.roles import work

    run_part(config, host, port, work)
