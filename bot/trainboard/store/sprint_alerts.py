"""What is known of a project's alerts in a stretch of time, for its report."""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Integer, cast, func, select

from trainboard.alert_life import Episode
from trainboard.report.alerts import OpenBug, SprintAlerts
from trainboard.store import alert_history
from trainboard.store.alert_models import EpisodeRow, MomentRow, ProblemRow

_COLUMN = "column"
_CHANGES_BUG = ("made", "reopened", "closed")


def find(connection: Connection, project: str, since: datetime, until: datetime) -> SprintAlerts:
    """What became of the project's alerts at `since` or later, and before `until`."""
    mine = select(ProblemRow.id).where(ProblemRow.project == project).limit(1)
    return SprintAlerts(
        history=alert_history.find(connection, project, since, until),
        is_known=connection.execute(mine).scalar() is not None,
        told=_count_told(connection, project, since, until),
        still_open=tuple(_list_open(connection, project, until)),
        columns=tuple(_list_columns(connection, project, since, until)),
    )


def list_bugs(connection: Connection, project: str) -> Collection[tuple[str, str]]:
    """Tracker, as it is written there, and ref of every bug that an alert of the project ever had."""
    rows = connection.execute(
        select(ProblemRow.tracker, ProblemRow.ref, ProblemRow.earlier).where(ProblemRow.project == project)
    )
    return {(row.tracker, ref) for row in rows for ref in (row.ref, row.earlier) if ref}


def _count_told(connection: Connection, project: str, since: datetime, until: datetime) -> Mapping[str, int]:
    mine = (MomentRow.problem == ProblemRow.key) & (ProblemRow.project == project)
    within = mine & (MomentRow.kind == "told") & (MomentRow.at >= since) & (MomentRow.at < until)
    amount = func.sum(cast(MomentRow.note, Integer)).label("amount")
    rows = connection.execute(select(ProblemRow.door, amount).where(within).group_by(ProblemRow.door))
    return {row.door: row.amount for row in rows}


def _list_open(connection: Connection, project: str, until: datetime) -> list[OpenBug]:
    """Of each problem the last bug counts, by what became of it last; one that was deleted is not open."""
    mine = (MomentRow.problem == ProblemRow.key) & (ProblemRow.project == project)
    rows = connection.execute(
        select(ProblemRow, MomentRow.kind.label("change"), MomentRow.generation.label("bug"))
        .where(mine, MomentRow.at < until, MomentRow.kind.in_(_CHANGES_BUG))
        .order_by(MomentRow.at, MomentRow.id)
    )
    last = {row.key: row for row in rows}
    return [
        OpenBug(problem=row.key, rule=row.rule, title=row.title, ref=row.ref, url=row.url)
        for row in sorted(last.values(), key=lambda each: each.id)
        if row.change != "closed" and (row.state, row.generation) != ("gone", row.bug)
    ]


def _list_columns(connection: Connection, project: str, since: datetime, until: datetime) -> list[str]:
    """Those of which an alert began within the time, by name."""
    began = select(MomentRow.problem).where(
        MomentRow.kind == "began", MomentRow.at >= since, MomentRow.at < until
    )
    mine = (EpisodeRow.problem == ProblemRow.key) & (ProblemRow.project == project)
    documents = connection.execute(
        select(EpisodeRow.document).where(mine, EpisodeRow.problem.in_(began))
    ).scalars()
    alerts = (msgspec.json.decode(document, type=Episode).alert for document in documents)
    return sorted({column for each in alerts if (column := each.labels.get(_COLUMN))})
