"""`trainboard web`: the web server, one of several processes over PostgreSQL."""

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
    """Take webhooks and show pages, beside `worker` and `scheduler`."""
    _serving.serve(config, host, port, _start)


def application() -> WSGIApplication:
    """The same for another WSGI server."""
    return _serving.make_application(_start)


def _start(settings: "Settings") -> "Bot":
    from trainboard.roles import build_part

    return build_part(settings)
