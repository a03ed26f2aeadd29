"""What commands share that have no pages: a port for probes, if they are given one."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trainboard.cli._output import config_option

if TYPE_CHECKING:
    from trainboard.wiring import Bot

_OPTIONS = (
    config_option,
    click.option("--host", default="127.0.0.1", show_default=True, help="Address for probes to listen on."),
    click.option("--port", type=int, help="Port for /healthz, /readyz and /metrics; none without it."),
)


def probing(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with the options of one that may answer probes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def run_part(config: Path | None, host: str, port: int | None, run: Callable[["Bot"], None]) -> None:
    """Do a part of the bot until the process is told to end, and answer probes meanwhile."""
    from trainboard import logs, tracing
    from trainboard.roles import build_part
    from trainboard.settings import load
    from trainboard.web.probes import answering
    from trainboard.web.server import find_port

    settings = load(config)
    logs.configure(settings.server.log_format, settings.server.log_level)
    tracing.configure(os.environ)
    free = None if port is None else find_port(host, port)
    bot = build_part(settings)
    with answering(bot.doors.probes, host, free):
        run(bot)
