"""All that became of alerts in a stretch of time, and how their bugs stand: for figures."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Integer, cast, func, select
from sqlalchemy.orm import aliased

from trainboard.alert_figures import AlertHistory
from trainboard.alert_life import Moment
from trainboard.store.alert_models import EpisodeRow, MomentRow, ProblemRow

_UNMEASURED = ("told", "shown")
_COUNTED = ("told", "made", "reopened", "closed")
_OTHER = aliased(MomentRow)


def find(connection: Connection, project: str | None, since: datetime, until: datetime) -> AlertHistory:
    """What became of a project's alerts at `since` or later, and before `until`.

    Args:
        connection: to the store.
        project: its name; None for all projects.
        since: aware.
        until: aware.
    """
    mine = (MomentRow.problem == ProblemRow.key) & (MomentRow.at < until)
    if project is not None:
        mine &= ProblemRow.project == project
    within = mine & (MomentRow.at >= since)
    told = select(func.sum(cast(MomentRow.note, Integer))).where(within, MomentRow.kind == "told")
    lively = select(_OTHER.problem).where(
        _OTHER.at >= since, _OTHER.at < until, _OTHER.kind.not_in(_UNMEASURED)
    )
    shown = (MomentRow.problem, MomentRow.generation, MomentRow.kind, MomentRow.at, MomentRow.note)
    lives = (
        select(*shown)
        .where(mine, MomentRow.problem.in_(lively), MomentRow.kind.not_in(_UNMEASURED))
        .order_by(MomentRow.at, MomentRow.id)
    )
    return AlertHistory(
        since=since,
        until=until,
        told=connection.execute(told).scalar_one() or 0,
        moments=tuple(Moment(**row._asdict()) for row in connection.execute(lives)),
    )


def find_latest(connection: Connection) -> int:
    """The number of the moment that was noted last, 0 before the first."""
    return connection.execute(select(func.max(MomentRow.id))).scalar_one() or 0


def count(connection: Connection, after: int, until: int | None = None) -> Mapping[tuple[str, str], int]:
    """What became of alerts by the kind of its source and by what it is.

    That is "told" for alerts, and for bugs "made", "reopened", or how one was closed. Counted are moments
    with a higher number than `after`, and none higher than `until`.
    """
    mine = (MomentRow.problem == ProblemRow.key) & (MomentRow.id > after)
    if until is not None:
        mine &= MomentRow.id <= until
    rows = connection.execute(
        select(ProblemRow.door, MomentRow.kind, MomentRow.note, func.count().label("moments"))
        .where(mine, MomentRow.kind.in_(_COUNTED))
        .group_by(ProblemRow.door, MomentRow.kind, MomentRow.note)
    )
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        what = row.note if row.kind == "closed" else row.kind
        counts[_kind(row.door), what] += row.moments * (int(row.note) if row.kind == "told" else 1)
    return counts


def count_firing(connection: Connection) -> Mapping[str, int]:
    """By kind of source, the problems of which an alert fires."""
    fires = select(EpisodeRow.id).where(EpisodeRow.problem == ProblemRow.key, EpisodeRow.firing.is_(True))
    return _by_kind(connection, fires.exists())


def count_open(connection: Connection) -> Mapping[str, int]:
    """By kind of source, the bugs that are open."""
    return _by_kind(connection, ProblemRow.state == "open")


def _by_kind(connection: Connection, wanted: ColumnElement[bool]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for row in connection.execute(
        select(ProblemRow.door, func.count().label("problems")).where(wanted).group_by(ProblemRow.door)
    ):
        counts[_kind(row.door)] += row.problems
    return counts


def _kind(door: str) -> str:
    return door.partition("/")[0]
