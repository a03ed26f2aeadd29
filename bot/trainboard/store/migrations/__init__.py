"""Schema migrations: `upgrade` brings any earlier schema to this version's."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from trainboard.store.database import Database

_LOCATION = "trainboard.store:migrations"


def upgrade(database: Database) -> None:
    """Bring the schema to this version's; nothing happens if it is there already."""
    config = Config()
    config.set_main_option("script_location", _LOCATION)
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """True if the schema is this version's."""
    config = Config()
    config.set_main_option("script_location", _LOCATION)
    head = ScriptDirectory.from_config(config).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
