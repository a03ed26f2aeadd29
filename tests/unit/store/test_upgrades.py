"""A database that is in use comes through every migration, from whichever version it was made by."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, MetaData, String, select

from trainboard.store.database import Database
from trainboard.store.migrations import is_current, list_revisions

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
OTHERS = ("alembic_version", "procrastinate_")
LEFT_BEHIND = {("model_versions", "aliases")}
"""Columns that a migration took away; what they held is elsewhere now, as tests of their own say."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """A database without any table."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    else:
        made = Database(request.getfixturevalue("postgresql_url"))
    yield made
    made.close()


def migrate(connection, revision):
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "trainboard.store:migrations")
    command.upgrade(config, revision)


def tables(connection):
    """The tables as they are in the database, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if not table.name.startswith(OTHERS)]


def value(column, number, is_sqlite):
    """Something that stands nowhere else in the column, and that a migration may look into."""
    if column.name == "document":
        return f'{{"number":{number},"sprint":3,"item":"é {number}"}}'
    moment = NOW + timedelta(minutes=number)
    values = {
        Boolean: number % 2 == 0,
        Integer: number,
        Float: float(number),
        DateTime: moment.replace(tzinfo=None) if is_sqlite else moment,
        Date: NOW.date() + timedelta(days=number),
        LargeBinary: b"%d" % number,
        String: f"{column.name[:8]}-{number}",
    }
    [found] = [made for kind, made in values.items() if isinstance(column.type, kind)]
    return found


def fill(connection, numbers):
    """A row of each number in every table; those of one number are related. Yields what was put."""
    is_sqlite = connection.dialect.name == "sqlite"
    for table in tables(connection):
        rows = [{each.name: value(each, number, is_sqlite) for each in table.columns} for number in numbers]
        connection.execute(table.insert(), rows)
        yield from ((table.name, row) for row in rows)


def test_nothing_is_lost_on_the_way(empty):
    """Rows are put into every table at every revision, and stand there word by word at the newest."""
    put = []
    for step, revision in enumerate(list_revisions()):
        with empty.write() as connection:
            migrate(connection, revision)
            put += fill(connection, (2 * step + 1, 2 * step + 2))
    assert is_current(empty)

    with empty.read() as connection:
        there = {table.name: table for table in tables(connection)}
        kept = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in there.items()
        }
    missing = {
        (name, column)
        for name, row in put
        for column in row
        if name not in there or column not in there[name].c
    }
    assert LEFT_BEHIND == missing
    lost = [
        (name, row)
        for name, row in put
        if not any(
            all(other[column] == held for column, held in row.items() if (name, column) not in missing)
            for other in kept[name]
        )
    ]
    assert [] == lost
