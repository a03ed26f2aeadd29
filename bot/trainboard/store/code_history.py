"""Pull requests and builds of a stretch of time, and what is known of the commits that were deployed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from trainboard.pull_requests import Check
from trainboard.report.changes import Merged, is_build
from trainboard.report.delivery import Code
from trainboard.store import item_links, pull_requests
from trainboard.store.link_models import PullRequestCommitRow
from trainboard.store.pull_request_models import CheckRow

_AT_ONCE = 100
_MOST_PULL_REQUESTS = 10_000
_SERIES = '"series":'
_decode = msgspec.json.Decoder(Check).decode


def list_merged(connection: Connection, code: str, since: datetime) -> tuple[Merged, ...]:
    """The pull requests that were told to be merged since then, each with the builds of its first commit.

    That is the first of its commits of which a build is known.
    """
    found = pull_requests.list_merged(connection, code, since, _MOST_PULL_REQUESTS)
    heads = _list_heads(connection, code, [each.number for each in found])
    builds = _list_builds(connection, code, [each.number for each in found])
    return tuple(
        Merged(
            pull_request=each,
            first_builds=next(
                (built for commit, _ in heads[each.number] if (built := builds.get(commit))), ()
            ),
        )
        for each in found
    )


def list_builds(connection: Connection, code: str, since: datetime, until: datetime) -> tuple[Check, ...]:
    """The builds of which something was last said at `since` or later, and before `until`."""
    within = (CheckRow.code == code.casefold()) & (CheckRow.at >= since) & (CheckRow.at < until)
    return tuple(_read(connection, within))


def find_code(
    connection: Connection, code: str, numbers: Sequence[int], bugs: Iterable[tuple[str, str]]
) -> Code:
    """When the commits of these pull requests were made, and which of them mend one of the bugs."""
    heads = _list_heads(connection, code, numbers)
    return Code(
        commits={number: tuple(at for _, at in told) for number, told in heads.items()},
        repairs=frozenset(_list_repairs(connection, code, numbers, bugs)),
    )


def _list_heads(
    connection: Connection, code: str, numbers: Sequence[int]
) -> Mapping[int, list[tuple[str, datetime | None]]]:
    """Every head of these pull requests with when it was first told of, the first at the beginning."""
    row = PullRequestCommitRow
    query = select(row.number, row.commit, row.told_at).where(row.code == code.casefold()).order_by(row.id)
    wanted = set(numbers)
    found: dict[int, list[tuple[str, datetime | None]]] = defaultdict(list)
    for number, commit, told_at in connection.execute(query) if wanted else ():
        if number in wanted:
            found[number].append((commit, told_at))
    for told in found.values():
        told.sort(key=lambda each: (each[1] is not None, each[1] and each[1].timestamp()))
    return found


def _list_builds(
    connection: Connection, code: str, numbers: Sequence[int]
) -> Mapping[str, tuple[Check, ...]]:
    """The builds of every commit that was the head of one of these pull requests."""
    row = PullRequestCommitRow
    heads = select(row.commit).where(row.code == code.casefold(), row.number.in_(numbers))
    found: dict[str, tuple[Check, ...]] = {}
    for check in _read(connection, (CheckRow.code == code.casefold()) & CheckRow.commit.in_(heads)):
        found[check.commit] = (*found.get(check.commit, ()), check)
    return found


def _read(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Check]:
    """Builds alone; most checks are jobs of one, and are not read."""
    may_be = CheckRow.document.contains(_SERIES, autoescape=True)
    documents = connection.execute(select(CheckRow.document).where(condition, may_be)).scalars()
    return filter(is_build, map(_decode, documents))


def _list_repairs(
    connection: Connection, code: str, numbers: Sequence[int], bugs: Iterable[tuple[str, str]]
) -> Iterable[int]:
    known = sorted(set(bugs))
    candidates = {
        number
        for start in range(0, len(known), _AT_ONCE)
        for place, number in item_links.list_candidates(connection, known[start : start + _AT_ONCE])
        if place == code.casefold()
    }
    for number in sorted(candidates.intersection(numbers)):
        if not set(known).isdisjoint(item_links.list_of(connection, code, number)):
            yield number
