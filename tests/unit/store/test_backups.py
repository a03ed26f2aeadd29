"""Copies of a SQLite database: whole, of one moment, and put back only where nothing is lost by mistake."""

import re
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from trainboard.cli import main
from trainboard.deliveries import Delivery
from trainboard.errors import PermanentError
from trainboard.store import inbox
from trainboard.store.backups import back_up, restore
from trainboard.store.database import Database
from trainboard.store.migrations import newest, upgrade
from trainboard.store.ownership import OwnedError, own

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


class Bot:
    """A database that a service works on."""

    def __init__(self, folder):
        self.path = folder / "trainboard.db"
        self.url = f"sqlite:///{self.path}"
        self.database = Database(self.url)
        upgrade(self.database)

    def takes(self, *ids):
        for each in ids:
            with self.database.write() as connection:
                new = Delivery(source="runs/ci", id=each, kind="run", entity="churn", body=b"{}")
                inbox.put(connection, new, NOW)


@pytest.fixture
def bot(tmp_path):
    """A service works on an empty database, with whatever is in its log."""
    made = Bot(tmp_path)
    yield made
    made.database.close()


def ids(path):
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT delivery_id FROM deliveries ORDER BY id")]


def folder(path):
    return sorted(each.name for each in path.iterdir())


def test_a_backup_has_what_was_committed(bot, tmp_path):
    """Also what is in the log still; it is one file, for its owner alone."""
    bot.takes("d1", "d2")
    copied = back_up(bot.url, tmp_path / "copy.db")
    bot.takes("d3")

    copy = tmp_path / "copy.db"
    assert (2, newest(), copy.stat().st_size) == (copied.deliveries, copied.revision, copied.size_bytes)
    assert ["d1", "d2"] == ids(copy)
    assert 0o600 == stat.S_IMODE(copy.stat().st_mode)
    assert [] == [name for name in folder(tmp_path) if name.startswith(("copy.db-", "."))]


def test_a_backup_is_made_while_somebody_writes(bot, tmp_path):
    """It waits for nobody; what is not committed is not in it."""
    bot.takes("d1")
    with bot.database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET delivery_id = 'changed'")
        back_up(bot.url, tmp_path / "copy.db")

    assert ["d1"] == ids(tmp_path / "copy.db")


def test_a_backup_is_not_replaced_by_mistake(bot, tmp_path):
    """But by --force, as a job of every night does it."""
    copy = tmp_path / "copy.db"
    back_up(bot.url, copy)
    bot.takes("d1")
    with pytest.raises(PermanentError, match=r"copy\.db is there already: .* --force"):
        back_up(bot.url, copy)
    assert [] == ids(copy)
    back_up(bot.url, copy, replace=True)
    assert ["d1"] == ids(copy)


def test_the_database_is_not_its_own_backup(bot):
    """By whatever name."""
    with pytest.raises(PermanentError, match="is the database itself"):
        back_up(bot.url, bot.path.parent / "." / "trainboard.db", replace=True)


def test_nothing_is_left_of_a_backup_that_fails(bot, tmp_path):
    """No half a file under the name, and no part beside it."""
    before = folder(tmp_path)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (a)")
    with pytest.raises(PermanentError, match="is no database of Trainboard"):
        back_up(f"sqlite:///{tmp_path}/other.db", tmp_path / "copy.db")
    with pytest.raises(PermanentError, match="cannot be written: No such file or directory"):
        back_up(bot.url, tmp_path / "nowhere" / "copy.db")
    assert sorted([*before, "other.db"]) == folder(tmp_path)


def test_without_a_database_there_is_no_backup(tmp_path):
    """An empty one would look like one that lost everything."""
    with pytest.raises(PermanentError, match="There is no database at"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert [] == folder(tmp_path)


def test_a_backup_comes_back(bot, tmp_path):
    """Without anything that came after it, whatever the log of the old database says."""
    bot.takes("d1")
    back_up(bot.url, tmp_path / "copy.db")
    bot.takes("d2")
    with closing(sqlite3.connect(bot.path)) as crashed:  # a reader, so that the log is left behind
        crashed.execute("BEGIN")
        crashed.execute("SELECT * FROM deliveries").fetchall()
        bot.database.close()
        restore(bot.url, tmp_path / "copy.db", NOW, replace=True)

    assert ["d1"] == ids(bot.path)
    bot.takes("d3")
    assert ["d1", "d3"] == ids(bot.path)


def test_a_database_is_not_replaced_by_mistake(bot, tmp_path):
    """Nor at all while a service works on it."""
    back_up(bot.url, tmp_path / "copy.db")
    bot.takes("d1")
    with pytest.raises(PermanentError, match="is there already"):
        restore(bot.url, tmp_path / "copy.db", NOW)
    let_go = own(bot.database)
    with pytest.raises(OwnedError, match="Another Trainboard works on"):
        restore(bot.url, tmp_path / "copy.db", NOW, replace=True)
    let_go()
    assert ["d1"] == ids(bot.path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "is 9999, which this version does not know"),
        ("DELETE FROM alembic_version", "is none, which this version does not know"),
        ("DROP TABLE alembic_version", "is no database of Trainboard"),
    ],
)
def test_what_this_version_does_not_know_is_not_restored(bot, tmp_path, change, complaint):
    """The database that is there stays."""
    back_up(bot.url, tmp_path / "copy.db")
    bot.takes("d1")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        copy.execute(change)
        copy.commit()
    with pytest.raises(PermanentError, match=complaint):
        restore(bot.url, tmp_path / "copy.db", NOW, replace=True)
    assert ["d1"] == ids(bot.path)


@pytest.mark.parametrize("damage", [b"no database at all", b"\xff" * 4096])
def test_a_damaged_backup_is_not_restored(bot, tmp_path, damage):
    """It is read to its end before it takes the place of anything."""
    bot.takes(*(f"d{number}" for number in range(200)))
    copy = tmp_path / "copy.db"
    back_up(bot.url, copy)
    body = bytearray(copy.read_bytes())
    body[0 : len(damage)] = damage if damage[:1] != b"\xff" else body[0 : len(damage)]
    body[-len(damage) :] = damage
    copy.write_bytes(bytes(body))
    with pytest.raises(PermanentError, match=r"is damaged|cannot be copied"):
        restore(bot.url, copy, NOW, replace=True)
    assert 200 == len(ids(bot.path))


def test_a_damaged_database_can_be_replaced(bot, tmp_path):
    """That is what backups are for."""
    bot.takes("d1")
    back_up(bot.url, tmp_path / "copy.db")
    bot.database.close()
    bot.path.write_bytes(b"gone")
    restore(bot.url, tmp_path / "copy.db", NOW, replace=True)
    assert ["d1"] == ids(bot.path)


def test_a_backup_comes_back_where_nothing_is(bot, tmp_path):
    """On another machine, in a folder that is not there yet."""
    back_up(bot.url, tmp_path / "copy.db")
    restore(f"sqlite:///{tmp_path}/new/place/trainboard.db", tmp_path / "copy.db", NOW)
    assert [] == ids(tmp_path / "new" / "place" / "trainboard.db")
    with pytest.raises(PermanentError, match="There is no backup at"):
        restore(f"sqlite:///{tmp_path}/x.db", tmp_path / "none.db", NOW)


def run(tmp_path, database, *arguments):
    config = tmp_path / "trainboard.toml"
    config.write_text(f'[server]\ndatabase = "{database}"\n')
    return CliRunner().invoke(main, ["db", *arguments, "--config", str(config)])


def test_the_commands_say_what_they_did(bot, tmp_path):
    """And what there is to do about an earlier version's schema."""
    bot.takes("d1")
    copy = tmp_path / "copy.db"
    done = run(tmp_path, bot.url, "backup", str(copy))
    assert 0 == done.exit_code
    assert re.fullmatch(rf"Copied \d\.\d MB with 1 delivery to {copy}\.\n", done.output)
    assert 1 == run(tmp_path, bot.url, "backup", str(copy)).exit_code
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0030'")
        connection.commit()
    bot.database.close()
    done = run(tmp_path, bot.url, "restore", str(copy), "--force")
    assert 0 == done.exit_code
    assert f"with 1 delivery from {copy}.\nIts schema is an earlier version's" in done.output


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgresql_has_its_own_tools(tmp_path, command, tool):
    """They are named."""
    done = run(tmp_path, "postgresql+psycopg://nobody@nowhere/none", command, "copy")
    assert 2 == done.exit_code
    assert f"is no file of SQLite: use {tool}" in done.stderr
