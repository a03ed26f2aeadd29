"""One of several processes: what it does of the whole bot, over the PostgreSQL that all of them share."""

import signal
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from queue import Empty, SimpleQueue

import structlog

from trainboard.engine import Engine
from trainboard.engine.leases import Leases
from trainboard.errors import PermanentError
from trainboard.settings import Finding, Settings, SettingsError
from trainboard.store.database import Database
from trainboard.wiring import Bot, MakeEngine, build
from trainboard.wiring.adapters import Clock

_log = structlog.get_logger(__name__)

_PIECE_SECONDS = 1.0


def build_part(settings: Settings) -> Bot:
    """A bot over the distributed engine, of which the caller starts what it wants.

    Raises:
        SettingsError: the database is none that processes may share.
        PermanentError: the queue that carries their work is not installed.
    """
    if settings.server.database.get_secret_value().startswith("sqlite"):
        raise SettingsError(
            Finding(
                "server.database",
                None,
                "several processes cannot share SQLite: name a PostgreSQL here, "
                "or run trainboard serve, which is all in one process",
            )
        )
    if find_spec("procrastinate") is None:
        raise PermanentError(
            "Several processes need Procrastinate, which is not installed: install trainboard[postgresql]."
        )
    return build(settings, make_engine=_distributed(settings.engine.worker_threads))


def _distributed(threads: int) -> MakeEngine:
    def make(database: Database, clock: Clock, owner: str) -> Engine:
        from trainboard.engine.distributed import DistributedEngine

        return DistributedEngine(Leases(database, clock, owner), threads)

    return make


def work(bot: Bot) -> None:
    """Work on what is due until the process is told to end; what is in hand is finished."""
    wait_for_the_end = _hear_the_end()
    bot.engine.run(bot.worker.drain)
    _log.info("worker works", owner=bot.worker.means.owner)
    wait_for_the_end()
    bot.stop()
    _log.info("worker ended")


def tick(bot: Bot) -> None:
    """Put ticks of the clock into the inbox until the process is told to end."""
    wait_for_the_end = _hear_the_end()
    bot.tick()
    _log.info("scheduler ticks")
    wait_for_the_end()
    bot.stop()
    _log.info("scheduler ended")


def _hear_the_end() -> Callable[[], object]:
    """What waits until the process is told to end, also if that is before it has begun to do its part.

    A signal's handler runs between any two steps of this thread. An Event would wait for its own lock
    there, for ever; this queue may be put into while it is asked. A signal that comes after the last step
    before the wait is noted, but wakes nobody: so the wait is cut into pieces.
    """
    told: SimpleQueue[None] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.put(None))

    def wait() -> None:
        while True:
            with suppress(Empty):
                return told.get(timeout=_PIECE_SECONDS)

    return wait
