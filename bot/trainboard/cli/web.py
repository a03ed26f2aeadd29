"""`trainboard web`: the web server, one of several processes over PostgreSQL."""

import os
from multiprocessing.util import Finalize
from pathlib import Path
from wsgiref.types import WSGIApplication

import click

from trainboard.cli.serve import CONFIG


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
@click.option("--host", help="Address to listen on; over the settings.")
@click.option("--port", type=int, help="Port to listen on; over the settings.")
def command(config: Path | None, host: str | None, port: int | None) -> None:
    """Take webhooks and show pages, beside `worker` and `scheduler`."""
    from trainboard import logs
    from trainboard.roles import build_part
    from trainboard.settings import load
    from trainboard.web.server import find_port, listen

    if config is not None:
        os.environ[CONFIG] = str(config.resolve())
    settings = load()
    logs.configure(settings.server.log_format, settings.server.log_level)
    address = host or settings.server.host
    number = find_port(address, settings.server.port if port is None else port)
    bot = build_part(settings)
    try:
        listen(bot.wsgi, address, number)
    finally:
        bot.stop()


def application() -> WSGIApplication:
    """The same for another WSGI server; it stops when that server's process ends."""
    from trainboard import logs
    from trainboard.roles import build_part
    from trainboard.settings import load

    settings = load()
    logs.configure(settings.server.log_format, settings.server.log_level)
    bot = build_part(settings)
    Finalize(None, bot.stop, exitpriority=10)
    return bot.wsgi
