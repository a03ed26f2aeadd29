"""The connection: transactions, time, and the schema."""

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import bindparam, text
from sqlalchemy.exc import OperationalError, StatementError

from trainboard.store import history_models, intents, item_history, iterations, local_models, servings
from trainboard.store.database import PATIENCE_MS, BusyError, Database, UtcTime
from trainboard.store.migrations import is_current, newest, upgrade
from trainboard.store.models import Table

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


def test_the_migrations_make_the_tables_of_the_models(database):
    """Nobody forgot a migration."""
    for row in (local_models.LocalItemRow, history_models.ItemHistoryRow):
        assert row.metadata is Table.metadata

    def is_ours(name, kind, _parents):
        return kind != "table" or not name.startswith("procrastinate_")

    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, Table.metadata) == []


def test_upgrading_twice_is_upgrading_once(database):
    """`serve` may start as often as it likes."""
    upgrade(database)

    assert is_current(database)


def test_processes_that_start_at_once_upgrade_once(postgresql_url):
    """One of them does it, the others wait."""
    databases = [Database(postgresql_url) for _ in range(4)]
    with ThreadPoolExecutor(len(databases)) as pool:
        list(pool.map(upgrade, databases))

    assert [True] * len(databases) == [is_current(database) for database in databases]
    for database in databases:
        database.close()


def test_the_newest_revision_is_the_last_in_the_row_of_files():
    """Alembic finds the same."""
    config = Config()
    config.set_main_option("script_location", "trainboard.store:migrations")

    assert ScriptDirectory.from_config(config).get_current_head() == newest()


def test_another_versions_schema_is_not_current(database):
    """An earlier one, or that of a version to come."""
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert not is_current(database)


def test_an_empty_database_is_not_current(tmp_path):
    """Readiness waits for the schema."""
    empty = Database(f"sqlite:///{tmp_path}/deep/in/a/folder/empty.db")
    assert not is_current(empty)
    empty.close()


def test_a_transaction_that_raises_leaves_nothing(database):
    """All of it or none of it."""
    with suppress(RuntimeError), database.write() as connection:
        intents.begin(connection, "k", NOW)
        raise RuntimeError

    with database.write() as connection:
        assert intents.begin(connection, "k", NOW) is None


def test_a_moment_comes_back_in_utc(database):
    """Whatever zone it was written in."""
    cet = timezone(timedelta(hours=1))
    with database.write() as connection:
        intents.begin(connection, "k", NOW.astimezone(cet))
        assert intents.begin(connection, "k", NOW) == NOW


def test_a_time_without_a_zone_is_refused(database):
    """Nobody knows which moment it means."""
    with pytest.raises(StatementError, match="no time zone"), database.write() as connection:
        intents.begin(connection, "k", datetime(2026, 11, 18))


def test_sqlite_survives_a_power_cut(tmp_path):
    """WAL with full synchronisation, foreign keys, and patience with other readers."""
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.read() as connection:
        answers = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()

    assert answers == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}


def test_only_its_owner_reads_the_file(tmp_path):
    """It holds bodies and keys, whatever the shell allows others; one that is there stays as it is."""
    before = os.umask(0)
    try:
        with closing(Database(f"sqlite:///{tmp_path}/new.db")) as made:
            upgrade(made)
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        shared = tmp_path / "shared.db"
        shared.touch(0o660)
        with closing(Database(f"sqlite:///{shared}")) as made:
            upgrade(made)
    finally:
        os.umask(before)
    assert {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600} == modes
    assert 0o660 == shared.stat().st_mode & 0o777


def test_a_file_that_is_there_is_opened_by_sqlite_alone(tmp_path, monkeypatch):
    """Whoever closes it lets go of the locks that SQLite has on it, and another process writes between."""
    address = f"sqlite:///{tmp_path}/there.db"
    with closing(Database(address)) as made:
        upgrade(made)
        closed = []
        monkeypatch.setattr(os, "close", closed.append)
        with closing(Database(address)) as other, other.read():
            assert [] == closed


def test_threads_write_one_after_the_other(database):
    """Nothing that one of them adds is lost, whoever fails in between."""

    def add(number):
        with suppress(RuntimeError), database.write() as connection:
            intents.begin(connection, f"k{number}", NOW)
            if number % 3 == 0:
                raise RuntimeError

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(40)))
    with database.write() as connection:
        there = [number for number in range(40) if intents.begin(connection, f"k{number}", NOW)]

    assert [number for number in range(40) if number % 3] == there


def test_closing_waits_for_whoever_writes(tmp_path):
    """SQLite's connection to write on is not closed under somebody's hands."""
    database = Database(f"sqlite:///{tmp_path}/trainboard.db")
    writes, go_on = threading.Event(), threading.Event()

    def write():
        with database.write() as connection:
            writes.set()
            assert go_on.wait(20)
            return connection.execute(text("SELECT 1")).scalar_one()

    with ThreadPoolExecutor(2) as threads:
        written = threads.submit(write)
        assert writes.wait(20)
        closed = threads.submit(database.close)
        with suppress(TimeoutError):
            closed.result(timeout=0.05)
        assert not closed.done()
        go_on.set()
        assert (1, None) == (written.result(timeout=20), closed.result(timeout=20))


def test_who_may_not_wait_is_told_that_another_thread_writes(tmp_path):
    """An event loop does not stand still while a worker writes."""
    database = Database(f"sqlite:///{tmp_path}/busy.db")
    with database.write(), pytest.raises(BusyError), database.write_at_once():
        pass
    database.close()


def test_who_may_not_wait_is_told_that_another_process_writes(tmp_path):
    """Nor while somebody holds the file; those who may wait are patient again afterwards."""
    database = Database(f"sqlite:///{tmp_path}/busy.db")
    with closing(sqlite3.connect(tmp_path / "busy.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError), database.write_at_once():
            pass
    with database.write_at_once() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
    with database.write() as connection:
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    database.close()

    assert PATIENCE_MS == patience


def test_other_errors_are_not_taken_for_a_busy_database(tmp_path):
    """A statement that is wrong stays wrong."""
    database = Database(f"sqlite:///{tmp_path}/wrong.db")
    with pytest.raises(OperationalError), database.write_at_once() as connection:
        connection.exec_driver_sql("SELECT * FROM nothing")
    database.close()


def test_sprints_that_were_over_before_are_left_as_they_are(database):
    """Nobody wants years of milestones closed at once; one that goes on is ended when it is over."""
    with database.write() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "trainboard.store:migrations")
        command.downgrade(config, "0019")
        insert = 'INSERT INTO iterations (project, number, tracker, ref, name, start, "end") VALUES '
        old, new = "'2020-01-01', '2020-01-14'", "'2020-01-15', '9999-01-01'"
        connection.execute(
            text(
                f"{insert} ('churn', 1, 'local:churn', '1', 'One', {old}), "
                f"('churn', 2, 'local:churn', '2', 'Two', {new})"
            )
        )
        command.upgrade(config, "head")
        assert [2] == iterations.list_unclosed(connection, "churn", 3)


def test_aliases_and_environments_of_an_earlier_version_are_kept(database):
    """An alias got where it points when its version was told of last; environments lose their letters."""
    with database.write() as connection:
        context = {"connection": connection}
        config = Config(attributes=context)
        config.set_main_option("script_location", "trainboard.store:migrations")
        command.downgrade(config, "0008")
        connection.execute(
            text(
                "INSERT INTO model_versions (project, model, version, aliases, at) "
                "VALUES ('churn', 'xgb', '3', 'champion prod', :at), ('churn', 'xgb', '2', '', :at)"
            ).bindparams(bindparam("at", NOW, UtcTime()))
        )
        connection.execute(
            text(
                "INSERT INTO deployments (code, ref, environment, state, at, document) "
                "VALUES ('github:acme/churn', '1', 'Production', 'succeeded', :at, '{}')"
            ).bindparams(bindparam("at", NOW, UtcTime()))
        )
        command.upgrade(config, "head")
        pointers = servings.list_pointers(connection, ["churn"])
        environments = connection.execute(text("SELECT environment FROM deployments")).scalars().all()

    assert ({("churn", "xgb", "3"): ("champion", "prod")}, ["production"]) == (pointers, environments)


def test_the_history_of_an_earlier_version_is_kept(database):
    """With what tells apart items that ever were in a sprint."""
    documents = ('{"item":"1","sprint":3,"at":"2026-11-18T10:00:00Z"}', '{"item":"2","sprint":null}')
    with database.write() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "trainboard.store:migrations")
        command.downgrade(config, "0019")
        for document in documents:
            connection.execute(
                text(
                    "INSERT INTO item_history (project, item, at, noted_at, document) "
                    "VALUES ('churn', :item, :at, :at, :document)"
                ).bindparams(bindparam("at", NOW, UtcTime()), item=document[9], document=document)
            )
        command.upgrade(config, "head")
        kept = [(each.item, each.sprint) for each in item_history.list_of(connection, "churn")]

    assert [("1", 3)] == kept
