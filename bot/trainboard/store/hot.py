"""Statements on the way of every delivery, given to the driver itself.

Through SQLAlchemy's execution such a statement costs several times what the database takes for it. And
each step of one lets go of the interpreter, for which threads then queue: many rows go in one statement.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_PARAMETER = re.compile(r":([a-z_]+)")


def find_row(connection: Connection, statement: str, parameters: Mapping[str, object]) -> Any:
    """The first row that `statement` returns, None if it returns none; its parameters are written `:name`."""
    return _run(connection, _text(connection, statement), parameters).fetchone()


def execute(connection: Connection, statement: str, parameters: Mapping[str, object]) -> None:
    """Run a statement that returns nothing; its parameters are written `:name`."""
    _run(connection, _text(connection, statement), parameters)


def insert(
    connection: Connection, statement: str, rows: Sequence[Sequence[object]], constants: str = ""
) -> int:
    """Run an SQLite statement with `VALUES {}` for `rows`, each with SQL `constants` at its end.

    Answers how many were inserted or changed.
    """
    places = _places(len(rows), len(rows[0]), constants)
    done = _run(connection, statement.format(places), [value for row in rows for value in row])
    return int(done.rowcount)


def moment(connection: Connection, at: datetime) -> object:
    """`at` as a parameter: what `UtcTime` makes of it."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%d %H:%M:%S.%f}" if connection.dialect.name == "sqlite" else utc


def _run(connection: Connection, statement: str, parameters: Mapping[str, object] | Sequence[object]) -> Any:
    """The cursor after the statement. What fails is raised as SQLAlchemy raises it."""
    cursor = connection.connection.cursor()
    errors = connection.dialect.loaded_dbapi.Error
    try:
        cursor.execute(statement, parameters)
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors, dialect=connection.dialect) from error
    return cursor


def _text(connection: Connection, statement: str) -> str:
    return statement if connection.dialect.name == "sqlite" else _percent(statement)


@lru_cache(maxsize=64)
def _percent(statement: str) -> str:
    return _PARAMETER.sub(r"%(\1)s", statement)


@lru_cache(maxsize=256)
def _places(rows: int, columns: int, constants: str) -> str:
    row = ", ".join([*"?" * columns, *filter(None, [constants])])
    return ", ".join([f"({row})"] * rows)
