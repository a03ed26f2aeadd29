"""`trainboard serve`: web server, workers and clock in one process."""

import os
from multiprocessing.util import Finalize
from pathlib import Path

import click
from flask import Flask

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
    from trainboard.store.database import Database
    from trainboard.store.migrations import upgrade
    from trainboard.store.ownership import own

    if config is not None:
        os.environ[CONFIG] = str(config.resolve())
    settings = load()
    logs.configure(settings.server.log_format, settings.server.log_level)
    database = Database(settings.server.database.get_secret_value())
    disown = own(database)
    upgrade(database)
    database.close()
    disown()
    address, number = host or settings.server.host, port if port is not None else settings.server.port
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


def application() -> Flask:
    """The bot, started, as the server's worker process loads it; it stops when that process ends."""
    from trainboard import logs
    from trainboard.settings import load
    from trainboard.wiring import build

    settings = load()
    logs.configure(settings.server.log_format, settings.server.log_level)
    bot = build(settings)
    bot.start()
    Finalize(None, bot.stop, exitpriority=10)
    return bot.app
