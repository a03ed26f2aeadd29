"""What our service's database says, read beside the running service."""

import contextlib
import sqlite3
import time

import sqlalchemy

from trainboard.store import bodies

WAITING = "SELECT count(*) FROM deliveries WHERE state = 'waiting'"
PENDING = "SELECT count(*) FROM effects WHERE state = 'pending'"
DEAD = "SELECT count(*) FROM deliveries WHERE state = 'dead'"
BODIES = """
    SELECT deliveries.delivery_id, delivery_bodies.body FROM deliveries
    JOIN delivery_bodies ON delivery_bodies.delivery = deliveries.id WHERE deliveries.source = 'github'
"""
IDS = "SELECT delivery_id FROM deliveries WHERE source = 'github'"


class Inbox:
    """The database at an SQLAlchemy URL; a file is opened for reading only."""

    def __init__(self, url):
        file = url.removeprefix("sqlite:///")
        if file == url:
            self._engine = sqlalchemy.create_engine(url)
        else:
            self._engine = sqlalchemy.create_engine(
                "sqlite://",
                creator=lambda: sqlite3.connect(
                    f"file:{file}?mode=ro", uri=True, timeout=30, check_same_thread=False
                ),
            )

    def value(self, question):
        """The one value that answers the question."""
        with self._engine.connect() as connection:
            return connection.execute(sqlalchemy.text(question)).scalar_one()

    def row(self, statement):
        """The one row that answers the statement of SQLAlchemy."""
        with self._engine.connect() as connection:
            return connection.execute(statement).one()

    def rows(self, statement):
        """All rows that answer the statement of SQLAlchemy."""
        with self._engine.connect() as connection:
            return connection.execute(statement).all()

    def tables(self):
        """The names of all tables."""
        return sqlalchemy.inspect(self._engine).get_table_names()

    def ids(self):
        """The ids of GitHub's stored deliveries, as often as each is stored."""
        with self._engine.connect() as connection:
            return list(connection.execute(sqlalchemy.text(IDS)).scalars())

    def bodies(self):
        """Id and body of each of GitHub's stored deliveries."""
        with self._engine.connect() as connection:
            for name, body in connection.execute(sqlalchemy.text(BODIES)):
                yield name, bodies.unpack(body)

    def is_sound(self):
        """What SQLite says of the file's integrity; PostgreSQL has no such question."""
        if self._engine.dialect.name != "sqlite":
            return True
        return self.value("PRAGMA integrity_check") == "ok"

    def wait_until_worked_off(self, seconds):
        """The seconds until no delivery waits and no effect is pending; None if that took too long."""
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            if not self.value(WAITING) and not self.value(PENDING):
                return time.perf_counter() - began
            time.sleep(0.1)
        return None

    def close(self):
        """Let go of the database."""
        self._engine.dispose()


@contextlib.contextmanager
def open_inbox(url):
    """The inbox at `url`, closed with the block."""
    inbox = Inbox(url)
    try:
        yield inbox
    finally:
        inbox.close()
