"""Schema migrations: `upgrade` brings any earlier schema to this version's."""

from pathlib import Path

from sqlalchemy import inspect, text

from trainboard.store.database import Database

_LOCATION = "trainboard.store:migrations"
_ACCOUNT = "alembic_version"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('trainboard schema'))")


def upgrade(database: Database) -> None:
    """Bring the schema to this version's; nothing happens if it is there already.

    Of processes that start at the same moment one does it, and the others wait. On PostgreSQL the
    schema of the distributed engine's queue comes with it.
    """
    if database.is_sqlite and is_current(database):
        return
    from alembic import command
    from alembic.config import Config

    from trainboard.store import queue_schema

    config = Config()
    config.set_main_option("script_location", _LOCATION)
    with database.write() as connection:
        config.attributes["connection"] = connection
        if not database.is_sqlite:
            connection.execute(_ONE_AT_A_TIME)
        command.upgrade(config, "head")
        if not database.is_sqlite:
            queue_schema.upgrade(connection)


def is_current(database: Database) -> bool:
    """True if the schema is this version's. Alembic, which takes time to load, is not needed to know."""
    with database.read() as connection:
        if not inspect(connection).has_table(_ACCOUNT):
            return False
        found = connection.execute(text(f"SELECT version_num FROM {_ACCOUNT}"))  # noqa: S608  ours
        return list(found.scalars()) == [newest()]


def newest() -> str:
    """The revision of this version."""
    return list_revisions()[-1]


def list_revisions() -> list[str]:
    """The revisions that this version knows, the oldest first: the row of files, named by their numbers."""
    files = Path(__file__).parent.glob("versions/[0-9]*.py")
    return sorted(file.name.partition("_")[0] for file in files)
