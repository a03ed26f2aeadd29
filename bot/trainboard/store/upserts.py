"""`INSERT … ON CONFLICT`, which SQLite and PostgreSQL say alike but SQLAlchemy keeps apart."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from trainboard.store.models import Table

Insert = sqlite.Insert | postgresql.Insert


def insert(connection: Connection, table: type[Table]) -> Any:
    """An insert into `table` in the connection's dialect, with `on_conflict_do_…`."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
