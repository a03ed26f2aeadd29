"""The places where a process may die: between two commits of the store or calls of an API."""

import os
import re
import signal
from collections.abc import Callable
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from sqlalchemy import Engine, event

from trainboard.store.database import Database

_CHANGES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
_REPOSITORY = re.compile(r"^/repos/[^/]+/[^/]+")


class Steps:
    """Counts the steps of this process and ends it by SIGKILL before one of them.

    A step is a commit or a call. Before a commit all of its statements have been executed.

    Args:
        fatal: the number of the step before which the process dies, from 1; one with fewer steps lives.
        say: told where the process dies.
    """

    def __init__(self, fatal: int, say: Callable[[str], None]) -> None:
        self._left = fatal
        self._last = "the beginning"
        self._say = say

    def take(self, name: str) -> None:
        """One step further, or the end."""
        self._left -= 1
        if self._left == 0:
            self._say(f"{self._last} | {name}")
            os.kill(os.getpid(), signal.SIGKILL)
        self._last = name

    def watch(self) -> None:
        """Count from now on whatever this process commits and calls; there is no way back."""
        self._watch_commits()
        self._watch_calls()

    def _watch_commits(self) -> None:
        write, steps = Database.write_urgently, self

        @contextmanager
        def watched(database):
            with write(database) as connection:
                connection.info["changed"] = {}
                yield connection
                steps.take(" ".join(["commit", ", ".join(connection.info["changed"])]).rstrip())

        Database.write_urgently = watched
        event.listen(Engine, "before_cursor_execute", _note_change)

    def _watch_calls(self) -> None:
        send, steps = requests.Session.send, self

        def watched(session, request, **options):
            steps.take(f"{request.method} {_REPOSITORY.sub('', urlsplit(request.url).path)}")
            return send(session, request, **options)

        requests.Session.send = watched


def _note_change(connection, _cursor, statement, *_):
    if found := _CHANGES.match(statement):
        connection.info.setdefault("changed", {})[found[1]] = True
