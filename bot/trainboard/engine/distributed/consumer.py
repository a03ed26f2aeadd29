"""A Procrastinate worker on a thread of its own, started anew when the database was away."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Status
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import make_url

from trainboard.engine.distributed.jobs import QUEUE, TASK

CONNECTIONS = 4
PATIENCE_SECONDS = 5.0
POLL_SECONDS = 1.0
TELL_AGAIN_SECONDS = 0.1
BEAT_SECONDS = 5.0
DEAD_SECONDS = 20.0
STUMBLE_SECONDS = 1.0

Work = Callable[[str], None]
"""Works on the mailbox of that name."""

_log = structlog.get_logger(__name__)


class Consumer:
    """Takes jobs and has the mailboxes that they name worked on.

    Args:
        url: SQLAlchemy's address of the PostgreSQL.
        name: of the worker, in Procrastinate's log lines.
        threads: how many jobs are in hand at once.
    """

    def __init__(self, url: str, name: str, threads: int) -> None:
        plain = make_url(url).set(drivername="postgresql")
        self._conninfo = plain.render_as_string(hide_password=False)
        self._name = name
        self._threads = threads
        self._thread: threading.Thread | None = None
        self._end: Callable[[], object] = bool

    def start(self, work: Work) -> None:
        """Begin to take jobs; answers when it has a loop to take them in."""
        running = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work, running), name="trainboard-jobs")
        self._thread.start()
        running.wait()

    def stop(self) -> None:
        """Take no more jobs, and wait for those in hand."""
        if self._thread is not None:
            self._end()
            self._thread.join()
            self._thread = None

    def _run(self, work: Work, running: threading.Event) -> None:
        with (
            ThreadPoolExecutor(self._threads, "trainboard-worker") as pool,
            asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner,  # psycopg wants it on Windows
        ):
            ending = asyncio.Event()
            self._end = lambda: runner.get_loop().call_soon_threadsafe(ending.set)
            runner.get_loop().call_soon(running.set)
            runner.run(self._consume_on(work, pool, ending))

    async def _consume_on(self, work: Work, pool: ThreadPoolExecutor, ending: asyncio.Event) -> None:
        while not ending.is_set():
            try:
                await self._consume(work, pool, ending)
            except Exception:  # noqa: BLE001  the database may be away: begin again
                _log.warning("the queue of jobs stumbled", exc_info=True)
                await _pause(ending, STUMBLE_SECONDS)

    async def _consume(self, work: Work, pool: ThreadPoolExecutor, ending: asyncio.Event) -> None:
        app = App(connector=PsycopgConnector())

        @app.task(name=TASK, queue=QUEUE)
        async def drain(mailbox: str) -> None:
            await asyncio.get_running_loop().run_in_executor(pool, _work_on, work, mailbox)

        worker = self._make_worker(app)
        ended = asyncio.Event()
        async with self._connect() as connections, app.open_async(connections):
            beside = [_stop(worker, ending, ended), _clear_on(app, ended)]
            tasks = [asyncio.create_task(each) for each in beside]
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            finally:
                ended.set()
                await asyncio.gather(*tasks)

    def _make_worker(self, app: App) -> Worker:
        return Worker(
            app,
            queues=[QUEUE],
            name=self._name,
            concurrency=self._threads,
            fetch_job_polling_interval=POLL_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=BEAT_SECONDS,
            stalled_worker_timeout=DEAD_SECONDS,
        )

    def _connect(self) -> AsyncConnectionPool:
        return AsyncConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=PATIENCE_SECONDS,
            open=False,
            check=AsyncConnectionPool.check_connection,
        )


def _work_on(work: Work, mailbox: str) -> None:
    try:
        work(mailbox)
    except Exception:  # noqa: BLE001  the mailbox is still due: who sweeps finds it
        _log.exception("worker stumbled", mailbox=mailbox)


async def _stop(worker: Worker, ending: asyncio.Event, ended: asyncio.Event) -> None:
    """Stop the worker when it is time. It forgets a stop that comes before it runs, so it is told again."""
    while not ended.is_set():
        if ending.is_set():
            worker.stop()  # type: ignore[no-untyped-call]
        await _pause(ended, TELL_AGAIN_SECONDS)


async def _clear_on(app: App, ended: asyncio.Event) -> None:
    """Remove workers that died and the jobs that they had; the mailboxes are found by their rows."""
    while not ended.is_set():
        try:
            await clear(app)
        except Exception:  # noqa: BLE001  the database may be away
            _log.warning("dead workers could not be removed", exc_info=True)
        await _pause(ended, DEAD_SECONDS)


async def _pause(over: asyncio.Event, seconds: float) -> None:
    """Wait for so long, or until it is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)


async def clear(app: App) -> None:
    """Remove the jobs of workers that have not beaten for some time, and those workers."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD_SECONDS):
        if job.id is not None:
            await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
    await app.job_manager.prune_stalled_workers(DEAD_SECONDS)
