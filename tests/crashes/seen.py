"""What there is after a story, as somebody sees it who is not the bot, and what the bot noted."""

import re
from typing import Any

from sqlalchemy import Connection, text

from crashes import Seen
from trainboard.deliveries import CLOCK_SOURCE
from trainboard.store.database import Database

_DIFFERS = re.compile(r"<!-- trainboard:.*? -->|\d\d:\d\d(?: UTC)?")
_NOTED = {
    "deliveries": f"SELECT kind, state FROM deliveries WHERE source != '{CLOCK_SOURCE}'",
    "events": f"""SELECT e.kind, e.subject FROM events e JOIN deliveries d ON d.id = e.delivery
                  WHERE d.source != '{CLOCK_SOURCE}'""",
    "runs": "SELECT run_id, status FROM runs",
    "effects given up": "SELECT key, error FROM effects WHERE state = 'dead'",
}


def see(world, team, address: str) -> Seen:
    """All of it."""
    database = Database(address)
    try:
        with database.read() as connection:
            seen = world.look(team, connection) | _look_at_notes(connection)
    finally:
        database.close()
    return {kind: sorted(_even_out(each) for each in those) for kind, those in seen.items()}


def rows(connection: Connection, query: str) -> list[str]:
    """A text for each row."""
    return [" ".join(map(str, row)) for row in connection.execute(text(query))]


def _look_at_notes(connection: Connection) -> dict[str, list[Any]]:
    return {kind: rows(connection, query) for kind, query in _NOTED.items()}


def _even_out(thing: Any) -> str:
    return _DIFFERS.sub("", str(thing))
