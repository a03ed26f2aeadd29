"""`INSERT … ON CONFLICT`, which SQLite and PostgreSQL say alike but SQLAlchemy keeps apart."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Connection

from trainboard.store.models import Table

MakeInsert = Callable[[type[Table]], Any]


def insert(connection: Connection, table: type[Table]) -> Any:
    """An insert into `table` in the connection's dialect, with `on_conflict_do_…`."""
    return _maker(connection.dialect.name)(table)


def built_once(build: Callable[[MakeInsert], Any]) -> Callable[[Connection], Any]:
    """The statement that `build` makes of an `insert`, built at its first use in each dialect.

    Building a statement costs more than running it; on the way of a delivery that is felt.
    """

    @cache
    def built(dialect: str) -> Any:
        return build(_maker(dialect))

    return lambda connection: built(connection.dialect.name)


def _maker(dialect: str) -> MakeInsert:
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert
