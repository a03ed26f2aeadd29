"""The engines that carry jobs in the engine benchmark: how to fill, run and question each."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy
from contenders import INSTALLED
from server import start

HERE = Path(__file__).parent
FILL_SECONDS = 300
THREADS = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Carrier:
    """An engine on a database.

    `program` understands what `jobs/job.py` says; `finished` is the question for the numbers of the
    jobs whose end is stored. `on` names the database.
    """

    name: str
    title: str
    on: str
    program: Path
    python: Path
    finished: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_installed(self):
        """Whether its Python is there."""
        return self.python.exists()

    def fill(self, url, amount, entities):
        """Store jobs; how many a second."""
        done = subprocess.run(
            [self.python, self.program, "fill", self._url(url), str(amount), str(entities)],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=FILL_SECONDS,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.title} could not store jobs: {done.stderr[-2000:]}")
        return amount / json.loads(done.stdout.splitlines()[-1])["seconds"]

    def start(self, url, folder, name, seconds):
        """A worker process, whose jobs take so many seconds and are noted in `folder`."""
        environment = self._environment() | {
            "JOB_LOG": f"{folder}/jobs.log",
            "JOB_GATE": f"{folder}/gate",
            "JOB_SECONDS": str(seconds),
        }
        command = [self.python, self.program, "work", self._url(url), name]
        return start(command, 0, folder, environment)

    def list_finished(self, connection):
        """The numbers of the jobs whose end is stored."""
        return {int(number) for number in connection.execute(sqlalchemy.text(self.finished)).scalars()}

    def _url(self, url):
        return url if self.name == "trainboard" else url.replace("postgresql+psycopg://", "postgresql://")

    def _environment(self):
        return os.environ | {"PYTHONPATH": str(HERE), "JOB_THREADS": str(THREADS)} | self.environment


def carriers():
    """All that could be measured in this tree, in the order of the table."""
    yield _trainboard("Trainboard", "SQLite")
    yield _dbos("SQLite", "workflow_status")
    yield _trainboard("Trainboard, embedded", "PostgreSQL")
    if find_spec("trainboard.engine.distributed"):
        yield _trainboard("Trainboard, distributed", "PostgreSQL", {"JOB_ENGINE": "distributed"})
    yield _dbos("PostgreSQL", "dbos.workflow_status")
    yield Carrier(
        name="procrastinate",
        title="Procrastinate, payload in the job",
        on="PostgreSQL",
        program=HERE / "jobs" / "procrastinate_jobs.py",
        python=INSTALLED / "procrastinate" / "bin" / "python",
        finished="SELECT args->>'number' FROM procrastinate_jobs WHERE status = 'succeeded'",
    )


def _trainboard(title, on, environment=None):
    return Carrier(
        name="trainboard",
        title=title,
        on=on,
        program=HERE / "jobs" / "trainboard_jobs.py",
        python=Path(sys.executable),
        finished="SELECT delivery_id FROM deliveries WHERE source = 'github' AND state = 'done'",
        environment=environment or {},
    )


def _dbos(on, table):
    return Carrier(
        name="dbos",
        title="DBOS",
        on=on,
        program=HERE / "jobs" / "dbos_jobs.py",
        python=INSTALLED / "dbos" / "bin" / "python",
        finished=f"SELECT workflow_uuid FROM {table} WHERE name = 'carry' AND status = 'SUCCESS'",
    )


class Watch:
    """Looks how far a carrier has come."""

    def __init__(self, carrier, url):
        self._carrier = carrier
        self._engine = sqlalchemy.create_engine(url)

    def finished(self):
        """The numbers of the jobs whose end is stored."""
        with self._engine.connect() as connection:
            return self._carrier.list_finished(connection)

    def wait(self, amount, *, seconds, patience):
        """When all were finished, None if nothing more came for `patience` seconds or the time was over."""
        end, moved, before = time.monotonic() + seconds, time.monotonic(), 0
        while time.monotonic() < min(end, moved + patience):
            count = len(self.finished())
            now = time.monotonic()
            if count == amount:
                return now
            if count > before:
                before, moved = count, now
            time.sleep(0.01)
        return None

    def close(self):
        """Let go of the database."""
        self._engine.dispose()


@contextlib.contextmanager
def watching(carrier, url):
    """A watch, closed with the block."""
    watch = Watch(carrier, url)
    try:
        yield watch
    finally:
        watch.close()
