"""Schema migrations: `upgrade` brings any earlier schema to this version's."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from trainboard.store import queue_schema
from trainboard.store.database import Database

_LOCATION = "trainboard.store:migrations"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('trainboard schema'))")


def upgrade(database: Database) -> None:
    """Bring the schema to this version's; nothing happens if it is there already.

    Of processes that start at the same moment one does it, and the others wait. On PostgreSQL the
    schema of the distributed engine's queue comes with it.
    """
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
    """True if the schema is this version's."""
    config = Config()
    config.set_main_option("script_location", _LOCATION)
    head = ScriptDirectory.from_config(config).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
