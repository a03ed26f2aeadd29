"""A process that dies in the middle of its work, as far as the database can tell."""

from contextlib import contextmanager


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
