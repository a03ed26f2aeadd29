"""Which work items a pull request belongs to by its own words."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, select, update

from trainboard.facts import RecordLinks
from trainboard.store.pull_request_models import LinkedItemRow, PullRequestLinksRow
from trainboard.store.upserts import insert


def record(connection: Connection, fact: RecordLinks) -> None:
    """Note what the pull request says of the tracker's items, unless something later is known.

    Of two things said at one moment always the same one is taken.
    """
    row = {"code": fact.code.casefold(), "number": fact.number, "tracker": fact.tracker, "at": fact.at}
    connection.execute(insert(connection, PullRequestLinksRow).values(row).on_conflict_do_nothing())
    told = select(PullRequestLinksRow.id, PullRequestLinksRow.at).where(_of_tracker(fact))
    known = connection.execute(told.with_for_update()).one()
    refs = sorted(set(fact.refs))
    if (known.at, _list_refs(connection, known.id)) < (fact.at, refs):
        _replace(connection, known.id, fact, refs)


def is_about(fact: RecordLinks) -> ColumnElement[bool]:
    """True for the rows of the items that `fact` takes away or leaves."""
    return LinkedItemRow.links.in_(select(PullRequestLinksRow.id).where(_of_tracker(fact)))


def _replace(connection: Connection, number: int, fact: RecordLinks, refs: Sequence[str]) -> None:
    said = update(PullRequestLinksRow).where(PullRequestLinksRow.id == number)
    connection.execute(said.values(at=fact.at))
    connection.execute(delete(LinkedItemRow).where(LinkedItemRow.links == number))
    if refs:
        connection.execute(insert(connection, LinkedItemRow), [{"links": number, "ref": ref} for ref in refs])


def _list_refs(connection: Connection, number: int) -> list[str]:
    query = select(LinkedItemRow.ref).where(LinkedItemRow.links == number)
    return sorted(connection.execute(query).scalars())


def _of_tracker(fact: RecordLinks) -> ColumnElement[bool]:
    return (
        (PullRequestLinksRow.code == fact.code.casefold())
        & (PullRequestLinksRow.number == fact.number)
        & (PullRequestLinksRow.tracker == fact.tracker)
    )
