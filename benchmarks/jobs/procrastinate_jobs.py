"""Jobs in Procrastinate as its documentation shows them: the payload in the job, the entity as its lock."""

import os

import job
import procrastinate

app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


@app.task(name="carry")
def carry(number, _body=""):
    """The job."""
    job.run(number)


def fill_all(url, amount, entities):
    """Defer the jobs one by one, as webhooks come."""
    connector = procrastinate.SyncPsycopgConnector(conninfo=address(url))
    with app.replace_connector(connector) as filler, filler.open():
        filler.schema_manager.apply_schema()

        def store(number, _event, body, entity):
            task = filler.configure_task("carry", lock=f"{entity}")
            task.defer(number=number, _body=body.decode())

        job.fill(store, amount, entities)


def work(url, name):
    """Work until killed."""
    connector = procrastinate.PsycopgConnector(conninfo=address(url))
    job.wait_for_gate()
    with app.replace_connector(connector) as worker:
        worker.run_worker(name=name, concurrency=int(os.environ["JOB_THREADS"]))


def address(url):
    """The address without SQLAlchemy's name of the driver."""
    return url.replace("postgresql+psycopg://", "postgresql://")


job.main(fill_all, work)
