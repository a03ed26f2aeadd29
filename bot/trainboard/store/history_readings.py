"""How far the trackers' own accounts of projects were read, and the times of which nobody told us."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, func, select, update

from trainboard.report.gaps import Gap
from trainboard.store.history_models import HistoryGapRow, HistoryReadingRow
from trainboard.store.upserts import insert

LONGEST_SILENCE = timedelta(hours=3)
"""The service looks every hour; who did not for so long was not there."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How far a project was read.

    `mark` is empty before the first time, and stays so where a tracker has nothing to tell, because each
    change is written down with the change itself.
    """

    mark: str = ""
    read_at: datetime | None = None
    sprints: str = ""

    def find_silence(self, now: datetime) -> datetime | None:
        """Since when nobody looked, if that is too long ago."""
        is_long = self.mark and self.read_at is not None and now - self.read_at > LONGEST_SILENCE
        return self.read_at if is_long else None


def get(connection: Connection, project: str) -> Reading:
    """How far the project was read; the beginning, if it never was."""
    query = select(HistoryReadingRow).where(HistoryReadingRow.project == project)
    row = connection.execute(query).one_or_none()
    if row is None:
        return Reading()
    return Reading(mark=row.mark, read_at=row.read_at, sprints=row.sprints)


def advance(connection: Connection, project: str, mark: str, now: datetime, *, complete: bool) -> None:
    """All up to `mark` is here; if that is all that there is, no time up to `now` is a gap any more."""
    told = {"mark": mark} | ({"read_at": now} if complete else {})
    first = {"read_at": None, "sprints": "", "known_since": None}
    statement = insert(connection, HistoryReadingRow).values(first | told | {"project": project})
    connection.execute(statement.on_conflict_do_update(index_elements=["project"], set_=told))
    mine = (HistoryGapRow.project == project) & HistoryGapRow.closed_at.is_(None)
    change = {"closed_at": now} if complete else {"looked_at": now}
    connection.execute(update(HistoryGapRow).where(mine).values(change))


def note_sprints(connection: Connection, project: str, sprints: str, now: datetime) -> None:
    """These sprints were looked at; since the first look it is known what stands in them."""
    first = {"project": project, "mark": "", "read_at": None, "sprints": sprints, "known_since": now}
    statement = insert(connection, HistoryReadingRow).values(first)
    told = {"sprints": sprints, "known_since": func.coalesce(HistoryReadingRow.known_since, now)}
    connection.execute(statement.on_conflict_do_update(index_elements=["project"], set_=told))


def find_beginning(connection: Connection, project: str) -> datetime | None:
    """When the sprints were first looked at, None before that."""
    mine = HistoryReadingRow.project == project
    return connection.execute(select(HistoryReadingRow.known_since).where(mine)).scalar()


def note_silence(connection: Connection, project: str, now: datetime) -> None:
    """If nobody looked for too long, the time since the last look is a gap until it is covered."""
    since = get(connection, project).find_silence(now)
    if since is None:
        return
    gap = {"project": project, "began_at": since, "ended_at": now}
    statement = insert(connection, HistoryGapRow).values(gap)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["project", "began_at"], set_={"ended_at": now})
    )


def list_gaps(connection: Connection, project: str, now: datetime) -> Sequence[Gap]:
    """The times that nothing covers yet, the first first; one may go on until `now`."""
    mine = (HistoryGapRow.project == project) & HistoryGapRow.closed_at.is_(None)
    rows = connection.execute(select(HistoryGapRow).where(mine).order_by(HistoryGapRow.began_at)).all()
    found = [Gap(began_at=row.began_at, ended_at=row.ended_at, looked_at=row.looked_at) for row in rows]
    since = get(connection, project).find_silence(now)
    if since is not None:
        looked_at = next((each.looked_at for each in found if each.began_at == since), None)
        found = [each for each in found if each.began_at != since]
        found.append(Gap(began_at=since, ended_at=now, looked_at=looked_at))
    return found
