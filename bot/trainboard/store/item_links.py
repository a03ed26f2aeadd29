"""Which work items a pull request belongs to, whoever says so.

What people wrote, what they and the trackers told, at which commits runs trained, what it reverts and which
items are above each other are rows of their own; the links are found from them when they are asked for, so
that the order in which they were heard makes no difference.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Integer, Text, bindparam, or_, select, tuple_, update

from trainboard.facts import RecordLink
from trainboard.fingerprints import experiment_key
from trainboard.item_links import MOST_STEPS, Item, Link, LinkSource, combine
from trainboard.store import lineage
from trainboard.store.link_models import PullRequestCommitRow, RunCommitRow, ToldLinkRow
from trainboard.store.models import RunRow, WorkItemKeyRow, WorkItemRow
from trainboard.store.pull_request_models import LinkedItemRow, PullRequestLinksRow, PullRequestRow
from trainboard.store.upserts import insert

Number = tuple[str, int]
"""Repository and number of a pull request."""


def record(connection: Connection, fact: RecordLink) -> None:
    """Note what was told, unless something later is known; of two things told at one moment, the removal."""
    identity = {
        "code": fact.code.casefold(),
        "number": fact.number,
        "tracker": fact.tracker,
        "ref": fact.ref,
        "source": fact.source.value,
    }
    told = {"linked": fact.linked, "by": fact.by, "at": fact.at}
    connection.execute(insert(connection, ToldLinkRow).values(identity | told).on_conflict_do_nothing())
    mine = [getattr(ToldLinkRow, name) == value for name, value in identity.items()]
    row = select(ToldLinkRow.at, ToldLinkRow.linked, ToldLinkRow.by).where(*mine).with_for_update()
    at, linked, by = connection.execute(row).one()
    if (at, not linked, by) < (fact.at, not fact.linked, fact.by):
        connection.execute(update(ToldLinkRow).where(*mine).values(told))


def note_head(connection: Connection, code: str, number: int, commit: str, at: datetime) -> None:
    """The commit was the head of the pull request at that time; the earliest one is kept."""
    row = {"code": code.casefold(), "number": number, "commit": commit, "told_at": at}
    statement = insert(connection, PullRequestCommitRow).values(row)
    later = PullRequestCommitRow.told_at > at
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["code", "number", "commit"], set_={"told_at": at}, where=later
        )
    )


def find_head_time(connection: Connection, code: str, number: int, commit: str) -> datetime | None:
    """When the commit was first told to be the head, None where that is not known."""
    mine = (PullRequestCommitRow.code == code.casefold()) & (PullRequestCommitRow.number == number)
    query = select(PullRequestCommitRow.told_at).where(mine, PullRequestCommitRow.commit == commit)
    return connection.execute(query).scalar()


def list_links(connection: Connection, code: str, number: int) -> tuple[Link, ...]:
    """The work items that the pull request belongs to, each once with its strongest source, by their names.

    Items that were carried to another tracker are called as they are now.
    """
    code = code.casefold()
    told = _list_told(connection, code, number)
    found = [
        *_list_words(connection, code, number),
        *_list_reverted(connection, code, number),
        *_list_trained(connection, code, number),
        *(link for link, linked in told if linked),
    ]
    unlinked = [link for link, linked in told if not linked and link.source is LinkSource.PERSON]
    now = lineage.name_now(connection, [link.item for link in (*found, *unlinked)])
    return combine(
        (_rename(link, now) for link in found),
        (_rename(link, now).item for link in unlinked),
        lambda items: _list_above(connection, items),
    )


def list_of(connection: Connection, code: str, number: int) -> Sequence[Item]:
    """Only tracker and ref of the work items that the pull request belongs to."""
    return [link.item for link in list_links(connection, code, number)]


def list_candidates(connection: Connection, items: Iterable[Item]) -> set[Number]:
    """The pull requests that may belong to one of the work items: all that do, and some that do not."""
    below = list(lineage.list_below(connection, items))
    numbers = {
        *_list_saying(connection, below),
        *_list_training(connection, below),
        *_list_told_of(connection, below),
    }
    fresh = numbers
    for _ in range(MOST_STEPS):
        fresh = _list_reverting(connection, fresh) - numbers if fresh else set()
        numbers = numbers | fresh
    return numbers


def find_undoing(connection: Connection, code: str, number: int) -> int | None:
    """The number of the merged pull request that reverts this one, None if what it brought is there still."""
    row = PullRequestRow
    reverting = (row.code == code.casefold()) & (row.reverts == number) & (row.state == "merged")
    found = connection.execute(select(row.number).where(reverting).order_by(row.number.desc())).scalars()
    return next((each for each in found if find_undoing(connection, code, each) is None), None)


def _rename(link: Link, now: dict[Item, Item]) -> Link:
    tracker, ref = now.get(link.item, link.item)
    return replace(link, tracker=tracker, ref=ref)


def _list_above(connection: Connection, items: Iterable[Item]) -> Iterable[Link]:
    above = lineage.list_parents(connection, items)
    now = lineage.name_now(connection, [link.item for link in above])
    return [_rename(link, now) for link in above]


def _list_words(connection: Connection, code: str, number: int) -> Iterator[Link]:
    rows = connection.execute(_WORDS, {"code": code, "number": number})
    return (Link(tracker=row.tracker, ref=row.ref) for row in rows)


def _list_told(connection: Connection, code: str, number: int) -> list[tuple[Link, bool]]:
    rows = connection.execute(_TOLD, {"code": code, "wide": _everywhere(code), "number": number})
    return [
        (Link(tracker=row.tracker, ref=row.ref, source=LinkSource(row.source), by=row.by), row.linked)
        for row in rows
    ]


def _everywhere(code: str) -> str:
    """The name of all repositories among which numbers of pull requests tell them apart."""
    return code.partition("/")[0] if code.startswith("azure-repos:") else code


def _list_trained(connection: Connection, code: str, number: int) -> Iterator[Link]:
    """The items of experiments that trained at one of its commits."""
    trained = connection.execute(_TRAINED, {"code": code, "number": number})
    keys = [experiment_key(*row) for row in trained]
    rows = connection.execute(_KEYED, {"keys": keys}) if keys else ()
    return (Link(tracker=row.tracker, ref=row.ref, source=LinkSource.RUN) for row in rows)


def _is_run() -> ColumnElement[bool]:
    row = RunCommitRow
    return (row.project == RunRow.project) & (row.source == RunRow.source) & (row.run_id == RunRow.run_id)


def _is_commit() -> ColumnElement[bool]:
    return (PullRequestCommitRow.code == RunCommitRow.code) & (
        PullRequestCommitRow.commit == RunCommitRow.commit
    )


def _list_reverted(connection: Connection, code: str, number: int) -> Iterator[Link]:
    """Whatever the pull request belongs to that it reverts. A fork's claim to revert links nothing."""
    row = connection.execute(_REVERTED, {"code": code, "number": number}).one_or_none()
    if row is None or row.reverts is None or _ORIGIN.decode(row.document).from_fork:
        return
    for link in list_links(connection, code, row.reverts):
        yield replace(link, source=LinkSource.REVERT, by=str(row.reverts))


# What is asked of each delivery about code is put together once: that costs more than the answers.
_CODE, _NUMBER = bindparam("code", type_=Text()), bindparam("number", type_=Integer())
_WORDS = (
    select(PullRequestLinksRow.tracker, LinkedItemRow.ref)
    .join(LinkedItemRow, LinkedItemRow.links == PullRequestLinksRow.id)
    .where(PullRequestLinksRow.code == _CODE, PullRequestLinksRow.number == _NUMBER)
)
_TOLD = select(ToldLinkRow.__table__).where(
    ToldLinkRow.code.in_([_CODE, bindparam("wide", type_=Text())]), ToldLinkRow.number == _NUMBER
)
_TRAINED = (
    select(RunRow.project, RunRow.experiment, RunRow.number)
    .join(RunCommitRow, _is_run())
    .join(PullRequestCommitRow, _is_commit())
    .where(PullRequestCommitRow.code == _CODE, PullRequestCommitRow.number == _NUMBER, RunRow.planned)
    .distinct()
)
_KEYED = (
    select(WorkItemRow.tracker, WorkItemRow.ref)
    .join(WorkItemKeyRow, WorkItemKeyRow.work_item == WorkItemRow.id)
    .where(WorkItemKeyRow.key.in_(bindparam("keys", expanding=True)))
)
_REVERTED = select(PullRequestRow.reverts, PullRequestRow.document).where(
    PullRequestRow.code == _CODE, PullRequestRow.number == _NUMBER
)


class _Origin(msgspec.Struct):
    from_fork: bool = False


_ORIGIN = msgspec.json.Decoder(_Origin)


def _list_saying(connection: Connection, items: Sequence[Item]) -> Iterator[Number]:
    query = (
        select(PullRequestLinksRow.code, PullRequestLinksRow.number)
        .join(LinkedItemRow, LinkedItemRow.links == PullRequestLinksRow.id)
        .where(tuple_(PullRequestLinksRow.tracker, LinkedItemRow.ref).in_(items))
    )
    return ((row.code, row.number) for row in connection.execute(query))


def _list_training(connection: Connection, items: Sequence[Item]) -> Iterator[Number]:
    ours = (
        select(WorkItemRow.project, WorkItemRow.experiment, WorkItemKeyRow.number)
        .join(WorkItemKeyRow, WorkItemKeyRow.work_item == WorkItemRow.id)
        .where(tuple_(WorkItemRow.tracker, WorkItemRow.ref).in_(items))
    )
    query = (
        select(PullRequestCommitRow.code, PullRequestCommitRow.number)
        .join(RunCommitRow, _is_commit())
        .join(RunRow, _is_run())
        .where(tuple_(RunRow.project, RunRow.experiment, RunRow.number).in_(ours), RunRow.planned)
        .distinct()
    )
    return ((row.code, row.number) for row in connection.execute(query))


def _list_told_of(connection: Connection, items: Sequence[Item]) -> Iterator[Number]:
    told = tuple_(ToldLinkRow.tracker, ToldLinkRow.ref).in_(items)
    rows = connection.execute(
        select(ToldLinkRow.code, ToldLinkRow.number).where(told, ToldLinkRow.linked)
    ).all()
    numbers = sorted({row.number for row in rows})
    known = select(PullRequestRow.code, PullRequestRow.number).where(PullRequestRow.number.in_(numbers))
    named = {(row.code, row.number) for row in rows}
    for row in connection.execute(known) if numbers else ():
        if {(row.code, row.number), (_everywhere(row.code), row.number)} & named:
            yield row.code, row.number


def _list_reverting(connection: Connection, numbers: Iterable[Number]) -> set[Number]:
    row = PullRequestRow
    # Written out, because SQLite finds no index for pairs here.
    reverting = or_(*((row.code == code) & (row.reverts == number) for code, number in numbers))
    return {
        (found.code, found.number)
        for found in connection.execute(select(row.code, row.number).where(reverting))
    }
