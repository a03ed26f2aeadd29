"""All that became of alerts in a stretch of time, and how their bugs stand: for figures."""

from datetime import datetime

from sqlalchemy import Connection, Integer, cast, func, select
from sqlalchemy.orm import aliased

from trainboard.alert_figures import AlertHistory
from trainboard.alert_life import Moment
from trainboard.store.alert_models import MomentRow, ProblemRow

_UNMEASURED = ("told", "shown")
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
