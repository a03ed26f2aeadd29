"""`trainboard worker`: works on what came in, one of several processes over PostgreSQL."""

import os
from pathlib import Path

import click

from trainboard.cli._output import config_option


@click.command()
@config_option
def command(config: Path | None) -> None:
    """Work on what comes in, beside `web` and `scheduler`."""
    from trainboard import logs, tracing
    from trainboard.roles import build_part, work
    from trainboard.settings import load

    settings = load(config)
    logs.configure(settings.server.log_format, settings.server.log_level)
    tracing.configure(os.environ)
    work(build_part(settings))
