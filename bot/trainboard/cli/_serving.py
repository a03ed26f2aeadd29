"""What commands that answer over HTTP have in common."""

import gc
import os
from collections.abc import Callable
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIApplication

import click

from trainboard.cli._output import config_option

if TYPE_CHECKING:
    from trainboard.settings import Settings
    from trainboard.wiring import Bot

Start = Callable[["Settings"], "Bot"]
"""Makes a bot that does what the command promises."""

_OPTIONS = (
    config_option,
    click.option("--host", help="Address to listen on; over the settings."),
    click.option("--port", type=int, help="Port to listen on; over the settings."),
)


def serving(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with the options of one that answers over HTTP."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def serve(config: Path | None, host: str | None, port: int | None, start: Start) -> None:
    """Answer over HTTP until the process is told to end, then stop the bot."""
    from trainboard.web.server import find_port, listen

    settings = _settings(config)
    address = host or settings.server.host
    number = find_port(address, settings.server.port if port is None else port)
    bot = start(settings)
    _settle()
    try:
        listen(bot.doors.rsgi, address, number)
    finally:
        bot.stop()


def make_application(start: Start) -> WSGIApplication:
    """The same for another WSGI server with one process; the bot stops when that process ends."""
    bot = start(_settings())
    _settle()
    Finalize(None, bot.stop, exitpriority=10)
    return bot.doors.wsgi


def _settings(config: Path | None = None) -> "Settings":
    from trainboard import logs, tracing
    from trainboard.settings import load

    settings = load(config)
    logs.configure(settings.server.log_format, settings.server.log_level)
    tracing.configure(os.environ)
    return settings


def _settle() -> None:
    """What is loaded now stays: looking through it for garbage again and again would hold up every thread."""
    gc.collect()
    gc.freeze()
