"""The places where a process may die: between two commits of the store or calls of an API."""

import os
import re
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from urllib.parse import urlsplit

import psycopg
import requests
from sqlalchemy import Connection

from trainboard.store.database import Database

_CHANGES = re.compile(r"(?:INSERT INTO|(?<!DO )(?<!FOR )UPDATE|DELETE FROM) (\w+)|(procrastinate)_defer")
_WRITES = re.compile(r"(?:POST|PATCH|PUT|DELETE) (?!.*/access_tokens)|commit .*\blocal_")
_REPOSITORY = re.compile(r"^/repos/[^/]+/[^/]+")


class Steps:
    """Counts the steps of this process and ends it by SIGKILL before one of them.

    A step is a commit of something or a call. Before a commit all of its statements have been executed.

    Args:
        fatal: the number of the step before which the process dies, from 1; one with fewer steps lives.
        say: told where the process dies.
        beside_writes: count only the steps just before and just after something is written for people to see.
    """

    def __init__(self, fatal: int, say: Callable[[str], None], *, beside_writes: bool = False) -> None:
        self._beside_writes = beside_writes
        self._left = fatal
        self._last = "the beginning"
        self._say = say
        self._counting = threading.Lock()

    def take(self, name: str) -> None:
        """One step further, or the end."""
        with self._counting:
            self._left -= self._counts(name)
            if self._left == 0:
                self._say(f"{self._last} | {name}")
                os.kill(os.getpid(), signal.SIGKILL)
            self._last = name

    def _counts(self, name: str) -> bool:
        return not self._beside_writes or any(_WRITES.match(each) for each in (self._last, name))

    def watch(self) -> None:
        """Count from now on whatever this process commits and calls; there is no way back."""
        self._watch_commits()
        self._watch_calls()

    def _watch_commits(self) -> None:
        write, steps, changes = Database.write_urgently, self, _Changes()

        @contextmanager
        def watched(database):
            with write(database) as connection:
                changes.begin(connection)
                yield connection
                if changes.are_some(connection):
                    steps.take(f"commit {', '.join(changes.tables)}")

        Database.write_urgently = watched

    def _watch_calls(self) -> None:
        send, steps = requests.Session.send, self

        def watched(session, request, **options):
            steps.take(f"{request.method} {_REPOSITORY.sub('', urlsplit(request.url).path)}")
            return send(session, request, **options)

        requests.Session.send = watched


class _Changes(threading.local):
    """What the transaction of this thread has changed so far: `tables`, each once."""

    def __init__(self) -> None:
        self.tables: dict[str, None] = {}
        self._before = 0

    def begin(self, connection: Connection) -> None:
        """Nothing yet."""
        self.tables = {}
        raw = connection.connection.driver_connection
        if isinstance(raw, sqlite3.Connection):
            self._before = raw.total_changes
            raw.set_trace_callback(self._note)
        else:
            raw.cursor_factory = _noting(self._note)

    def are_some(self, connection: Connection) -> bool:
        """Whether there is anything to commit."""
        raw = connection.connection.driver_connection
        return raw.total_changes > self._before if isinstance(raw, sqlite3.Connection) else bool(self.tables)

    def _note(self, statement: object) -> None:
        found = (table or queue for table, queue in _CHANGES.findall(str(statement)))
        self.tables |= dict.fromkeys(found)


def _noting(note: Callable[[object], None]) -> type[psycopg.Cursor]:
    class Noting(psycopg.Cursor):
        """A cursor whose statements are noted before they are executed."""

        @wraps(psycopg.Cursor.execute)
        def execute(self, query, *args, **options):
            note(query)
            return super().execute(query, *args, **options)

        @wraps(psycopg.Cursor.executemany)
        def executemany(self, query, *args, **options):
            note(query)
            return super().executemany(query, *args, **options)

    return Noting
