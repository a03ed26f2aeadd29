"""`trainboard serve`: web server, workers and clock in one process."""

import gc
import os
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

import click

if TYPE_CHECKING:
    from trainboard.settings import Settings
    from trainboard.wiring import Bot

CONFIG = "TRAINBOARD_CONFIG"


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
@click.option("--host", help="Address to listen on; over the settings.")
@click.option("--port", type=int, help="Port to listen on; over the settings.")
def command(config: Path | None, host: str | None, port: int | None) -> None:
    """Serve webhooks and pages, and work on what comes in."""
    from trainboard.settings import load
    from trainboard.web.server import find_port, listen

    if config is not None:
        os.environ[CONFIG] = str(config.resolve())
    settings = load()
    address = host or settings.server.host
    number = find_port(address, settings.server.port if port is None else port)
    bot = start(settings)
    try:
        listen(bot.wsgi, address, number)
    finally:
        bot.stop()


def start(settings: "Settings") -> "Bot":
    """A bot that works."""
    from trainboard import logs
    from trainboard.wiring import build

    logs.configure(settings.server.log_format, settings.server.log_level)
    bot = build(settings)
    bot.start()
    gc.collect()
    gc.freeze()  # what is loaded now stays: looking through it again and again would hold up every thread
    return bot


def application() -> WSGIApplication:
    """The bot, started, for another WSGI server with one process; it stops when that process ends."""
    from trainboard.settings import load

    bot = start(load())
    Finalize(None, bot.stop, exitpriority=10)
    return bot.wsgi
