"""What else happened in a project in a stretch of time: runs that ended, and bugs of alerts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from trainboard.store.alert_models import MomentRow, ProblemRow
from trainboard.store.models import RunRow


def count_runs(connection: Connection, project: str, since: datetime, until: datetime) -> Mapping[str, int]:
    """By status, the runs that ended at `since` or later, and before `until`."""
    mine = (RunRow.project == project) & (RunRow.ended_at >= since) & (RunRow.ended_at < until)
    query = select(RunRow.status, func.count()).where(mine).group_by(RunRow.status).order_by(RunRow.status)
    return {row[0]: row[1] for row in connection.execute(query)}


def count_bugs(connection: Connection, project: str, since: datetime, until: datetime) -> Mapping[str, int]:
    """How many bugs of alerts were `made`, `reopened` and `closed` in that time, as in `count_runs`."""
    mine = (MomentRow.problem == ProblemRow.key) & (ProblemRow.project == project)
    within = mine & (MomentRow.at >= since) & (MomentRow.at < until)
    wanted = within & MomentRow.kind.in_(("made", "reopened", "closed"))
    query = select(MomentRow.kind, func.count()).where(wanted).group_by(MomentRow.kind)
    return {row[0]: row[1] for row in connection.execute(query)}
