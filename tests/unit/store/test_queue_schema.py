"""The queue's schema is brought up to date, whatever it was."""

import pytest
from sqlalchemy import text

from trainboard.store import queue_schema
from trainboard.store.database import Database

NOW_THERE = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")


@pytest.fixture
def connection(postgresql_url):
    """An empty PostgreSQL."""
    database = Database(postgresql_url)
    with database.write() as opened:
        yield opened
    database.close()


def names(connection):
    """The migrations of which we keep account."""
    return set(connection.execute(text("SELECT name FROM procrastinate_migrations")).scalars())


def test_an_empty_database_gets_all_of_it(connection):
    """And is up to date after that."""
    queue_schema.upgrade(connection)
    first = names(connection)
    queue_schema.upgrade(connection)

    assert connection.execute(NOW_THERE).scalar()
    assert (True, first) == ("00.00.00_01_initial.sql" in first, names(connection))


def test_a_migration_that_is_new_is_run(connection, tmp_path, monkeypatch):
    """Those before it are not run again."""
    queue_schema.upgrade(connection)
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "00.00.00_01_initial.sql").write_text("SELECT 1 / 0")
    (migrations / "99.00.00_01_pre_new.sql").write_text("CREATE TABLE fresh (share text DEFAULT '100 %')")
    monkeypatch.setattr(queue_schema, "_find_sql", lambda: tmp_path)
    queue_schema.upgrade(connection)

    assert [] == connection.execute(text("SELECT share FROM fresh")).all()
    assert "99.00.00_01_pre_new.sql" in names(connection)


def test_without_the_queue_installed_nothing_happens(connection, monkeypatch):
    """An embedded installation does not need it."""
    monkeypatch.setattr(queue_schema, "find_spec", lambda _: None)
    queue_schema.upgrade(connection)

    assert not connection.execute(NOW_THERE).scalar()
