"""`trainboard scheduler`: the alarm clock, one of several processes over PostgreSQL."""

from pathlib import Path

import click

from trainboard.cli._probing import probing, run_part


@click.command()
@probing
def command(config: Path | None, host: str, port: int | None) -> None:
    """Say when sprints and run trackers are due to be looked at, beside `web` and `worker`."""
    from trainboard.roles import tick

    run_part(config, host, port, tick)
