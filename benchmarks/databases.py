"""The databases of a benchmark: a file, and a PostgreSQL server of its own that syncs to disk."""

import contextlib
import sys
import tempfile
from itertools import count
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import pytest

from peers import postgresql

NUMBERS = count(1)
SETTINGS = ("listen_addresses=", "max_connections=200")


@contextlib.contextmanager
def postgresql_server():
    """A server whose commits are on disk when they return; None, and a line that says so, without one."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(postgresql.running(SETTINGS))
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:
            print(f"skipped: {missing}")
            server = None
        yield server


def on_each(run, *arguments):
    """Call `run` with the address of an empty SQLite, then of an empty PostgreSQL if there is one."""
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as folder, postgresql_server() as server:
        run(new_database(None, folder), *arguments)
        if server is not None:
            run(new_database(server, folder), *arguments)


def new_database(server, folder):
    """SQLAlchemy's address of an empty database: on the server, or a file in the folder for no server."""
    if server is None:
        return f"sqlite:///{folder}/trainboard.db"
    name = f"bench_{next(NUMBERS)}"
    server.run(f"CREATE DATABASE {name}")
    return server.url(name)
