"""Which repositories can be written to, as far as webhooks told."""

from datetime import datetime
from typing import cast

from sqlalchemy import Connection, select, update

from trainboard.facts import RecordRepository
from trainboard.pull_requests import RepositoryState
from trainboard.store.link_models import RepositoryStateRow
from trainboard.store.upserts import insert


def record(connection: Connection, fact: RecordRepository) -> None:
    """Note what was told, unless something later is known.

    Of two things told at one moment always the same one is taken.
    """
    row = {"code": fact.code.casefold(), "state": fact.state, "at": fact.at}
    connection.execute(insert(connection, RepositoryStateRow).values(row).on_conflict_do_nothing())
    mine = RepositoryStateRow.code == row["code"]
    known = select(RepositoryStateRow.at, RepositoryStateRow.state).where(mine).with_for_update()
    if tuple(connection.execute(known).one()) < (fact.at, fact.state):
        connection.execute(update(RepositoryStateRow).where(mine).values(row))


def find_closed(connection: Connection, code: str) -> datetime | None:
    """When the repository was told to take no writes any more, None where it takes them."""
    mine = (RepositoryStateRow.code == code.casefold()) & (RepositoryStateRow.state != "writable")
    closed_at: datetime | None = connection.execute(select(RepositoryStateRow.at).where(mine)).scalar()
    return closed_at


def find_state(connection: Connection, code: str) -> RepositoryState:
    """How the repository stands; one of which nothing was told can be written to."""
    mine = RepositoryStateRow.code == code.casefold()
    state = connection.execute(select(RepositoryStateRow.state).where(mine)).scalar()
    return cast("RepositoryState", state or "writable")
