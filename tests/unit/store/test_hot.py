"""What fails in the driver is told as SQLAlchemy tells it, so that an outage is known as one."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from trainboard.store import hot
from trainboard.store.database import Database


@pytest.mark.parametrize("run", [hot.find_row, hot.execute])
def test_an_error_of_the_driver_is_one_of_sqlalchemy(database, run):
    """Its text says what went wrong."""
    with database.write() as connection, pytest.raises(DBAPIError, match="nowhere"):
        run(connection, "DELETE FROM nowhere WHERE number = :number", {"number": 1})


def test_a_file_that_takes_no_writes_is_an_outage(tmp_path):
    """As on a disk that is full: no bug, for which a change would be given up soon."""
    path = tmp_path / "trainboard.db"
    sqlite3.connect(path).execute("CREATE TABLE numbers (number)").connection.close()
    database = Database(f"sqlite:///{path}")
    with database.write() as connection:
        hot.execute(connection, "PRAGMA query_only = ON", {})
        with pytest.raises(OperationalError, match="readonly"):
            hot.insert(connection, "INSERT INTO numbers VALUES {}", [(1,)])
    database.close()
