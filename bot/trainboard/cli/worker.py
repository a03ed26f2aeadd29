"""`trainboard worker`: works on what came in, one of several processes over PostgreSQL."""

from pathlib import Path

import click


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
def command(config: Path | None) -> None:
    """Work on what comes in, beside `web` and `scheduler`."""
    from trainboard import logs
    from trainboard.roles import build_part, work
    from trainboard.settings import load

    settings = load(config)
    logs.configure(settings.server.log_format, settings.server.log_level)
    work(build_part(settings))
