"""`trainboard scheduler`: the alarm clock, one of several processes over PostgreSQL."""

from pathlib import Path

import click


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
def command(config: Path | None) -> None:
    """Say when sprints and run trackers are due to be looked at, beside `web` and `worker`."""
    from trainboard import logs
    from trainboard.roles import build_part, tick
    from trainboard.settings import load

    settings = load(config)
    logs.configure(settings.server.log_format, settings.server.log_level)
    tick(build_part(settings))
