"""Copies of a database, one for each death."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from sqlalchemy import make_url
from sqlalchemy.engine.default import DefaultDialect

from trainboard.store.database import Database

_COMPILED: dict = {}


def share_statements(database: Database) -> None:
    """Let it use what was compiled here, or before the fork, for any database of its kind."""
    database.engine.update_execution_options(compiled_cache=_COMPILED)


DefaultDialect.__eq__ = lambda dialect, other: type(dialect) is type(other)
DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))  # statements are kept by their dialect


def emptied(address: str, folder: Path) -> str:
    """The address of an empty database: a new file in the folder for "sqlite", else that one."""
    if address == "sqlite":
        return f"sqlite:///{mkdtemp(dir=folder)}/origin.db"
    name = make_url(address).database
    _run(address, f"DROP DATABASE {name} WITH (FORCE)")
    _run(address, f"CREATE DATABASE {name}")
    return address


@contextmanager
def copied(address: str) -> Iterator[str]:
    """The address of a copy, which is removed when the block ends; nobody may use the origin meanwhile."""
    with (_sqlite if address.startswith("sqlite") else _postgresql)(address) as copy:
        yield copy


@contextmanager
def _sqlite(address: str) -> Iterator[str]:
    origin = Path(address.removeprefix("sqlite:///"))
    copy = origin.with_name("copy.db")
    shutil.copy(origin, copy)
    try:
        yield f"sqlite:///{copy}"
    finally:
        for left in copy.parent.glob("copy.db*"):
            left.unlink()


@contextmanager
def _postgresql(address: str) -> Iterator[str]:
    origin = make_url(address)
    copy = f"{origin.database}_copy"
    _run(address, f"CREATE DATABASE {copy} TEMPLATE {origin.database}")
    try:
        yield origin.set(database=copy).render_as_string(hide_password=False)
    finally:
        _run(address, f"DROP DATABASE {copy} WITH (FORCE)")


def _run(address: str, statement: str) -> None:
    where = make_url(address).set(drivername="postgresql", database="postgres")
    with psycopg.connect(where.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)
