"""`trainboard serve`: web server, workers and clock in one process."""

import gc
import os
import socket
from multiprocessing.util import Finalize
from pathlib import Path
from wsgiref.types import WSGIApplication

import click

from trainboard.errors import PermanentError

CONFIG = "TRAINBOARD_CONFIG"
BLOCKING_THREADS = 8


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
@click.option("--host", help="Address to listen on; over the settings.")
@click.option("--port", type=int, help="Port to listen on; over the settings.")
def command(config: Path | None, host: str | None, port: int | None) -> None:
    """Serve webhooks and pages, and work on what comes in."""
    from granian.constants import Interfaces
    from granian.server import Server

    from trainboard import logs
    from trainboard.settings import load
    from trainboard.wiring import build

    if config is not None:
        os.environ[CONFIG] = str(config.resolve())
    settings = load()
    logs.configure(settings.server.log_format, settings.server.log_level)
    build(settings).close()  # what is wrong is said here, and not by the worker process again and again
    address = host or settings.server.host
    number = _bind(address, settings.server.port if port is None else port)
    click.echo(f"Trainboard listens on http://{address}:{number}", err=True)
    Server(
        f"{__name__}:application",
        address=address,
        port=number,
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    ).serve()


def _bind(address: str, port: int) -> int:
    """The port, if it can be had; any free one for 0."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PermanentError(
                f"Could not listen on {address}:{port}: {error.strerror}. "
                "Set server.host and server.port, or --host and --port."
            ) from None
        bound: int = probe.getsockname()[1]
    return bound


def application() -> WSGIApplication:
    """The bot, started, as the server's worker process loads it; it stops when that process ends."""
    from trainboard import logs
    from trainboard.settings import load
    from trainboard.wiring import build

    settings = load()
    logs.configure(settings.server.log_format, settings.server.log_level)
    bot = build(settings)
    bot.start()
    gc.collect()
    gc.freeze()  # what is loaded now stays: looking through it again and again would stop every thread
    Finalize(None, bot.stop, exitpriority=10)
    return bot.wsgi
