"""Which commits lie in the history of which, as far as a platform was asked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from trainboard.store.pull_request_models import ContainedCommitRow
from trainboard.store.upserts import insert


def note(
    connection: Connection,
    code: str,
    commits: Collection[str],
    within: str,
    now: datetime,
    *,
    contained: bool,
) -> None:
    """Remember the answer for each of the commits; it never changes."""
    told = {"code": code.casefold(), "within": within, "is_contained": contained, "at": now}
    rows = [told | {"commit": commit} for commit in commits]
    if rows:
        connection.execute(insert(connection, ContainedCommitRow).on_conflict_do_nothing(), rows)


def get_answers(connection: Connection, code: str, within: str) -> Mapping[str, bool]:
    """What is known to lie in the history of that commit, or not to."""
    mine = (ContainedCommitRow.code == code.casefold()) & (ContainedCommitRow.within == within)
    found = connection.execute(select(ContainedCommitRow.commit, ContainedCommitRow.is_contained).where(mine))
    return {row.commit: row.is_contained for row in found}


def list_containing(connection: Connection, code: str, commit: str) -> Sequence[str]:
    """The other commits that have that one in their history."""
    mine = (ContainedCommitRow.code == code.casefold()) & (ContainedCommitRow.commit == commit)
    found = connection.execute(select(ContainedCommitRow.within).where(mine, ContainedCommitRow.is_contained))
    return sorted(found.scalars())


def list_all(connection: Connection, code: str) -> Mapping[str, Collection[str]]:
    """For each commit that was asked about as a whole, those that lie in its history."""
    found: dict[str, set[str]] = {}
    mine = (ContainedCommitRow.code == code.casefold()) & ContainedCommitRow.is_contained
    for row in connection.execute(select(ContainedCommitRow.within, ContainedCommitRow.commit).where(mine)):
        found.setdefault(row.within, set()).add(row.commit)
    return found
