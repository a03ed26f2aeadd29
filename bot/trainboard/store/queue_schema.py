"""The schema of Procrastinate, the queue of the distributed engine: ours to bring up to date.

It ships its schema and a migration for each change of it, but keeps no account of what a database has.
"""

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection, text


def upgrade(connection: Connection) -> None:
    """Bring the queue's schema in a PostgreSQL to that of the Procrastinate that is installed.

    Nothing happens if it is there already, or if none is installed.
    """
    sql = _find_sql()
    if sql is None:
        return
    connection.execute(text(f"CREATE TABLE IF NOT EXISTS {_ACCOUNT} (name text PRIMARY KEY)"))
    known = set(connection.execute(text(f"SELECT name FROM {_ACCOUNT}")).scalars())  # noqa: S608  a name of ours
    files = sorted((sql / "migrations").glob("*.sql"))
    fresh = [file for file in files if file.name not in known]
    for file in fresh if known else [sql / "schema.sql"]:
        _run(connection, file)
    add = text(f"INSERT INTO {_ACCOUNT} VALUES (:name)")  # noqa: S608  a name of ours
    if fresh:
        connection.execute(add, [{"name": file.name} for file in fresh])


_ACCOUNT = "procrastinate_migrations"


def _find_sql() -> Path | None:
    """The folder of the package's SQL, found without importing the package."""
    package = find_spec("procrastinate")
    return Path(package.origin).parent / "sql" if package is not None and package.origin else None


def _run(connection: Connection, file: Path) -> None:
    """Run all statements of a file as they stand: no sign in them is a parameter's."""
    cursor = connection.connection.cursor()
    cursor.execute(file.read_text(encoding="utf-8"))
    cursor.close()
