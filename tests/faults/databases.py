"""The database goes away, takes no writes, or is kept busy by another program."""

import sqlite3

from faults import fault
from faults.grounds import POSTGRESQL, SQLITE
from faults.pragmas import pragma
from faults.stages import GITHUB, LOCAL


@fault("PostgreSQL is away", places=(LOCAL, GITHUB), grounds=(POSTGRESQL,))
def postgresql_away(stage):
    """It crashes, and is started again an hour later."""
    stage.ground.stop("immediate")
    stage.expect("it is not ready", not stage.is_ready)
    yield
    stage.ground.start()


@fault("PostgreSQL restarts every third minute", grounds=(POSTGRESQL,))
def postgresql_restarts(stage):
    """Connections that nobody uses just then are broken off."""

    def restart():
        stage.ground.stop("fast")
        stage.ground.start()

    with stage.every(3, restart):
        yield


@fault("PostgreSQL takes no writes", grounds=(POSTGRESQL,))
def postgresql_read_only(stage):
    """As after a failover, or as managed servers do before their disk is full."""
    stage.ground.set_read_only(stage.database.engine.url.database, "on")
    yield
    stage.expect("it is not ready", not stage.is_ready)
    stage.ground.set_read_only(stage.database.engine.url.database, "off")


@fault("another program locks the file", places=(LOCAL, GITHUB), grounds=(SQLITE,))
def sqlite_locked(stage):
    """It holds the lock for an hour."""
    other = sqlite3.connect(stage.database.url.removeprefix("sqlite:///"), isolation_level=None)
    with pragma(stage.database, "busy_timeout=1"):
        other.execute("BEGIN EXCLUSIVE")
        yield
        stage.expect("it is not ready", not stage.is_ready)
        other.execute("ROLLBACK")
    other.close()
