"""Jobs as DBOS workflows of one step, in a queue that is partitioned by entity."""

import sqlite3
import threading

import job
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

CONCURRENCY = 32
POLL_SECONDS = 0.05
QUEUE = "jobs"


@DBOS.step()
def handle(number, _body):
    """The job."""
    job.run(number)


@DBOS.workflow()
def carry(number, body):
    """One step."""
    handle(number, body)


def launch(url, name, queues):
    """The queue, in a process that takes work from `queues`."""
    DBOS(
        config={
            "name": "jobs",
            "system_database_url": url,
            "log_level": "CRITICAL",
            "executor_id": name,
            "application_version": "1",
        }
    )
    if queues is not None:
        DBOS.listen_queues(queues)
    DBOS.launch()
    return DBOS.register_queue(
        QUEUE, worker_concurrency=CONCURRENCY, partition_concurrency=1, polling_interval_sec=POLL_SECONDS
    )


def fill_all(url, amount, entities):
    """Enqueue the jobs. SQLite gets a write-ahead log, which DBOS does not ask for."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    queue = launch(url, "filler", [])

    def store(number, _event, body, entity):
        with SetWorkflowID(f"{number}"), SetEnqueueOptions(queue_partition_key=f"{entity}"):
            queue.enqueue(carry, number, body.decode())

    job.fill(store, amount, entities)
    DBOS.destroy()


def work(url, name):
    """Work until killed."""
    job.wait_for_gate()
    launch(url, name, None)
    threading.Event().wait()


job.main(fill_all, work)
