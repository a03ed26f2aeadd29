"""`trainboard scheduler`: the alarm clock, one of several processes over PostgreSQL."""

import os
from pathlib import Path

import click

from trainboard.cli._output import config_option


@click.command()
@config_option
def command(config: Path | None) -> None:
    """Say when sprints and run trackers are due to be looked at, beside `web` and `worker`."""
    from trainboard import logs, tracing
    from trainboard.roles import build_part, tick
    from trainboard.settings import load

    settings = load(config)
    logs.configure(settings.server.log_format, settings.server.log_level)
    tracing.configure(os.environ)
    tick(build_part(settings))
