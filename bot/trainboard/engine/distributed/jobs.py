"""Jobs that name mailboxes. At most two of a mailbox wait: one for now and one for later.

Deliveries are worked on together, and a worker goes on with what is due: of many that are woken
at once a few are named, one for each lot.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from sqlalchemy import Connection, text

from trainboard.engine.leases import AT_ONCE
from trainboard.store.database import Database

QUEUE = "trainboard"
TASK = "drain"


class Jobs:
    """Puts jobs into the queue, on connections of `database`.

    Args:
        database: a PostgreSQL with Procrastinate's schema.
        clock: answers the present moment, aware, in UTC.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._manager = App(connector=SyncPsycopgConnector()).job_manager

    def put(self, wanted: Mapping[str, datetime]) -> None:
        """Have each mailbox named when it is due, or another that brings it, unless it is named already."""
        now = self._clock()
        due = [name for name, at in wanted.items() if at <= now]
        lots = [name for name in due if name.startswith("in:")][::AT_ONCE]
        jobs = [_job(name, None) for name in due if not name.startswith("in:") or name in lots]
        jobs += [_job(name, at) for name, at in wanted.items() if at > now]
        try:
            self._put(jobs)
        except AlreadyEnqueued:  # somebody named one of them at the same moment
            for job in jobs:
                self._put_one(job)

    def _put(self, jobs: Sequence[Job]) -> None:
        with self._database.write() as connection:
            known = _list_waiting(connection, [str(job.queueing_lock) for job in jobs])
            fresh = [job for job in jobs if job.queueing_lock not in known]
            if fresh:
                self._manager.batch_defer_jobs(fresh, connection=connection.connection.driver_connection)

    def _put_one(self, job: Job) -> None:
        try:
            self._put([job])
        except AlreadyEnqueued:
            return


def _job(mailbox: str, at: datetime | None) -> Job:
    return Job(
        queue=QUEUE,
        lock=None,
        queueing_lock=mailbox if at is None else f"{mailbox} later",
        task_name=TASK,
        task_kwargs={"mailbox": mailbox},
        scheduled_at=at,
    )


def _list_waiting(connection: Connection, locks: Sequence[str]) -> set[str]:
    """Those of the locks that a waiting job has."""
    return set(connection.execute(_WAITING, {"locks": list(locks)}).scalars())


_WAITING = text(
    "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(:locks)"
)
