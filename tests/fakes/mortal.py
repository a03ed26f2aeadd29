"""A process that dies in the middle of its work, as far as the database can tell."""

from contextlib import contextmanager

import requests

from trainboard.store.database import Database


class Killed(BaseException):
    """The process is no more: nothing catches it but the test."""


class MortalDatabase:
    """A database by which its user dies at a transaction; of a dead user it hears nothing more."""

    def __init__(self, database):
        self._database = database
        self._left = None
        self._before_commit = False

    def __getattr__(self, name):
        return getattr(self._database, name)

    def die_at(self, transaction, *, before_commit):
        """Let the user die at its next transaction but so many, before or after it is committed."""
        self._left, self._before_commit = transaction, before_commit

    def read(self):
        self._check()
        return self._database.read()

    @contextmanager
    def write(self):
        self._check()
        last = self._left == 0
        with self._database.write() as connection:
            yield connection
            if last and self._before_commit:
                self._left = -1
                raise Killed
        if self._left is not None:
            self._left -= 1
        self._check()

    def _check(self):
        if self._left is not None and self._left < 0:
            raise Killed


def die_before(patch, fatal):
    """Let this process die at its step of that number, from 1: after a commit, or before or after a call."""
    steps = iter(range(fatal - 1, -1, -1))

    def take():
        if next(steps, None) == 0:
            raise Killed

    write, send = Database.write_urgently, requests.Session.send

    @contextmanager
    def watched(database):
        with write(database) as connection:
            yield connection
        take()

    def watched_send(session, request, **options):
        take()
        answer = send(session, request, **options)
        take()
        return answer

    patch.setattr(Database, "write_urgently", watched)
    patch.setattr(requests.Session, "send", watched_send)


def outlives_steps(settle, monkeypatch, fatal):
    """True if a process that dies as `die_before` says lives to the end of `settle`."""
    with monkeypatch.context() as patch:
        die_before(patch, fatal)
        try:
            settle()
        except Killed:
            return False
    return True
