"""What the pages show of alerts: problems and storms, those whose bug is open first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, case, false, func, select, true

from trainboard.alert_life import Episode, Moment, Problem
from trainboard.alerts import Severity
from trainboard.store import problems
from trainboard.store.alert_models import EpisodeRow, MomentRow, ProblemRow

PAGE_ROWS = 50
MAX_MOMENTS = 200
MAX_MEMBERS = 200
MAX_EPISODES = 2_000

Wanted = Literal["", "open", "closed", "without"]


class ProblemFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which problems are asked for.

    Attributes:
        project: of one project; None means of all.
        state: "open" for those whose bug is open or about to be made, "closed" for those whose bug is closed
            or deleted, "without" for those that have none: they were over before it was made, or are shown by
            a storm. Empty: open and closed.
        page: 1 for the first.
        after: where the page before ended, instead of `page`; None for the first.
        limit: how many are on a page.
    """

    project: str | None = None
    state: Wanted = ""
    page: int = 1
    after: "Place | None" = None
    limit: int = PAGE_ROWS


_Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a problem stands in the list: 1 while its bug is open, its rank, when it ended, and its row."""

    stands: _Number
    rank: _Number
    ended_at: Annotated[datetime, msgspec.Meta(tz=True)]
    row: _Number


class ProblemLine(msgspec.Struct, frozen=True, kw_only=True):
    """A problem, or a storm with all its members: how many of its alerts fire, of all that are kept."""

    problem: Problem
    firing: int
    alerts: int


class ProblemPage(msgspec.Struct, frozen=True, kw_only=True):
    """Problems, open ones first, worst and latest first, then the others by when they ended, latest first."""

    lines: tuple[ProblemLine, ...]
    has_more: bool
    last: Place | None = None


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One problem and all that is shown of it.

    Attributes:
        line: the problem itself.
        episodes: its alerts, at most 2,000, those that fire first; of a storm, those of its members.
        moments: its history, the latest first, at most 200, without the times that it was told of.
        more_moments: how many earlier ones there are.
        members: the problems that a storm shows, at most 200.
        storm: the storm that shows the problem.
    """

    line: ProblemLine
    episodes: tuple[Episode, ...]
    moments: tuple[Moment, ...]
    more_moments: int
    members: tuple[ProblemLine, ...]
    storm: Problem | None


def list_page(connection: Connection, wanted: ProblemFilter) -> ProblemPage:
    """The problems that are asked for."""
    query = (
        select(ProblemRow, _STANDS.label("stands"), _RANK.label("rank"), _ENDED.label("ended"))
        .where(_matches(wanted))
        .order_by(_STANDS.desc(), _RANK, _ENDED.desc(), ProblemRow.id.desc())
        .limit(wanted.limit + 1)
    )
    if wanted.after is None:
        query = query.offset((wanted.page - 1) * wanted.limit)
    else:
        query = query.where(_stands_behind(wanted.after))
    rows = connection.execute(query).all()
    shown = rows[: wanted.limit]
    return ProblemPage(
        lines=_count_alerts(connection, [problems.problem_of(row) for row in shown]),
        has_more=len(rows) > len(shown),
        last=Place(shown[-1].stands, shown[-1].rank, shown[-1].ended, shown[-1].id) if shown else None,
    )


def count_open(connection: Connection, project: str | None) -> int:
    """How many problems there are whose bug is open or about to be made."""
    wanted = _matches(ProblemFilter(project=project, state="open"))
    return connection.execute(select(func.count()).select_from(ProblemRow).where(wanted)).scalar_one()


def find_details(connection: Connection, key: str) -> ProblemDetails | None:
    """All that is shown of the problem of that key."""
    problem = problems.find(connection, key)
    if problem is None:
        return None
    [line] = _count_alerts(connection, [problem])
    mine = (MomentRow.problem == key) & (MomentRow.kind != "told")
    known = connection.execute(select(func.count()).select_from(MomentRow).where(mine)).scalar_one()
    moments = _list_moments(connection, mine)
    members = problems.list_members(connection, key)[:MAX_MEMBERS] if problem.kind == "storm" else ()
    return ProblemDetails(
        line=line,
        episodes=_list_episodes(connection, problem),
        moments=moments,
        more_moments=known - len(moments),
        members=_count_alerts(connection, members),
        storm=problems.find(connection, problem.storm) if problem.storm else None,
    )


_FIRES = (
    select(EpisodeRow.id).where(EpisodeRow.problem == ProblemRow.key, EpisodeRow.firing.is_(True)).exists()
)
_IS_WAITING = (ProblemRow.state == "waiting") & ProblemRow.storm.is_(None)
_IS_OPEN = (ProblemRow.state == "open") | (_IS_WAITING & (_FIRES | (ProblemRow.kind == "storm")))
_IS_CLOSED = ProblemRow.state.in_(("closed", "gone"))
_MATCHES: Mapping[Wanted, ColumnElement[bool]] = {
    "": _IS_OPEN | _IS_CLOSED,
    "open": _IS_OPEN,
    "closed": _IS_CLOSED,
    "without": (ProblemRow.state == "waiting") & ~_IS_OPEN,
}
_STANDS = case((_IS_OPEN, 1), else_=0)
_RANK = case(
    *((_IS_OPEN & (ProblemRow.severity == each.value), each.rank) for each in Severity), else_=len(Severity)
)
_ENDED = func.coalesce(ProblemRow.closed_at, ProblemRow.began_at)


def _stands_behind(place: Place) -> ColumnElement[bool]:
    """True for problems that come after that place, also for those that came there since."""
    same: ColumnElement[bool] = true()
    behind: ColumnElement[bool] = false()
    for column, value, falls in (
        (_STANDS, place.stands, True),
        (_RANK, place.rank, False),
        (_ENDED, place.ended_at, True),
        (ProblemRow.id, place.row, True),
    ):
        behind |= same & (column < value if falls else column > value)
        same &= column == value
    return behind


def _matches(wanted: ProblemFilter) -> ColumnElement[bool]:
    matches = _MATCHES[wanted.state]
    return matches if wanted.project is None else matches & (ProblemRow.project == wanted.project)


def _count_alerts(connection: Connection, found: Sequence[Problem]) -> tuple[ProblemLine, ...]:
    """Lines of the problems; alerts of a storm are those of its members."""
    if not found:
        return ()
    keys = [each.key for each in found]
    shown_by = case((ProblemRow.key.in_(keys), ProblemRow.key), else_=ProblemRow.storm)
    counted = (
        select(
            shown_by.label("shown_by"),
            func.count().label("alerts"),
            func.sum(case((EpisodeRow.firing.is_(True), 1), else_=0)).label("firing"),
        )
        .where(EpisodeRow.problem == ProblemRow.key)
        .where(ProblemRow.key.in_(keys) | ProblemRow.storm.in_(keys))
        .group_by("shown_by")
    )
    counts = {row.shown_by: row for row in connection.execute(counted)}
    return tuple(
        ProblemLine(
            problem=each,
            firing=counts[each.key].firing if each.key in counts else 0,
            alerts=counts[each.key].alerts if each.key in counts else 0,
        )
        for each in found
    )


def _list_episodes(connection: Connection, problem: Problem) -> tuple[Episode, ...]:
    members = select(ProblemRow.key).where(ProblemRow.storm == problem.key)
    mine = EpisodeRow.problem.in_(members) if problem.kind == "storm" else EpisodeRow.problem == problem.key
    rows = connection.execute(
        select(EpisodeRow.document)
        .where(mine)
        .order_by(EpisodeRow.firing.desc(), EpisodeRow.ended_at.desc(), EpisodeRow.id)
        .limit(MAX_EPISODES)
    )
    return tuple(msgspec.json.decode(row.document, type=Episode) for row in rows)


def _list_moments(connection: Connection, mine: ColumnElement[bool]) -> tuple[Moment, ...]:
    shown = (MomentRow.problem, MomentRow.generation, MomentRow.kind, MomentRow.at, MomentRow.note)
    rows = connection.execute(
        select(*shown).where(mine).order_by(MomentRow.at.desc(), MomentRow.id.desc()).limit(MAX_MOMENTS)
    )
    return tuple(Moment(**row._asdict()) for row in rows)
