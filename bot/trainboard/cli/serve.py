"""`trainboard serve`: web server, workers and clock in one process."""

from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

import click

from trainboard.cli import _serving

if TYPE_CHECKING:
    from trainboard.settings import Settings
    from trainboard.wiring import Bot


@click.command()
@_serving.serving
def command(config: Path | None, host: str | None, port: int | None) -> None:
    """Serve webhooks and pages, and work on what comes in."""
    _serving.serve(config, host, port, _start)


def application() -> WSGIApplication:
    """The bot, started, for another WSGI server with one process."""
    return _serving.make_application(_start)


def _start(settings: "Settings") -> "Bot":
    from trainboard.wiring import build

    bot = build(settings)
    bot.start()
    return bot
