"""Which sprints the trackers have."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, delete, func, select, update

from trainboard.iterations import Iteration
from trainboard.store.history_models import IterationNameRow
from trainboard.store.models import IterationRow
from trainboard.store.upserts import insert
from trainboard.work_items import TrackerIteration


class KnownIteration(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint that the tracker has; `is_read` says that what stood in it at its end is in the history."""

    ref: str
    is_read: bool
    is_closed: bool


def find(connection: Connection, project: str, number: int) -> KnownIteration | None:
    """The sprint, None if the tracker does not have it."""
    mine = (IterationRow.project == project) & (IterationRow.number == number)
    row = connection.execute(select(IterationRow).where(mine)).one_or_none()
    if row is None:
        return None
    return KnownIteration(ref=row.ref, is_read=row.read_at is not None, is_closed=row.closed_at is not None)


def list_unclosed(connection: Connection, project: str, before: int) -> Sequence[int]:
    """The numbers of sprints before that one which the tracker has and which we did not close, in order."""
    mine = (IterationRow.project == project) & (IterationRow.number < before)
    query = select(IterationRow.number).where(mine, IterationRow.closed_at.is_(None))
    return connection.execute(query.order_by(IterationRow.number)).scalars().all()


def goes_on_elsewhere(connection: Connection, project: str, tracker: str, ref: str, today: date) -> bool:
    """True if the same thing in the tracker is a sprint of another project, and not over there."""
    same = (IterationRow.tracker == tracker) & (IterationRow.ref == ref)
    theirs = same & (IterationRow.project != project) & (IterationRow.end >= today)
    return connection.execute(select(IterationRow.number).where(theirs)).first() is not None


def note_read(connection: Connection, project: str, number: int, now: datetime) -> None:
    """What stood in the sprint at its end is in the history."""
    mine = (IterationRow.project == project) & (IterationRow.number == number)
    connection.execute(update(IterationRow).where(mine).values(read_at=now))


def note_closed(connection: Connection, project: str, number: int, now: datetime) -> None:
    """The sprint is closed in the tracker: whoever opens it again means it."""
    mine = (IterationRow.project == project) & (IterationRow.number == number)
    connection.execute(update(IterationRow).where(mine).values(closed_at=now))


def find_ref(connection: Connection, project: str, number: int) -> str | None:
    """The sprint's number in its tracker, None if it was not made yet."""
    mine = (IterationRow.project == project) & (IterationRow.number == number)
    return connection.execute(select(IterationRow.ref).where(mine)).scalar()


def find_name(connection: Connection, project: str, number: int) -> str | None:
    """What people call the sprint, None if the tracker does not have it."""
    mine = (IterationRow.project == project) & (IterationRow.number == number)
    return connection.execute(select(IterationRow.name).where(mine)).scalar()


def find_number(connection: Connection, project: str, name: str) -> int | None:
    """The number of the latest sprint that people call so, in whatever letters."""
    mine = (IterationRow.project == project) & (func.lower(IterationRow.name) == name.lower())
    query = select(IterationRow.number).where(mine).order_by(IterationRow.number.desc()).limit(1)
    return connection.execute(query).scalar()


def find_number_of(connection: Connection, project: str, ref: str) -> int | None:
    """The number of the sprint that its tracker knows by that ref."""
    mine = (IterationRow.project == project) & (IterationRow.ref == ref)
    return connection.execute(select(IterationRow.number).where(mine)).scalar()


def find_number_then(connection: Connection, project: str, name: str, at: datetime) -> int | None:
    """The number of the sprint that people called so at that time.

    Where none was, that which was called so first, at another time; None where none ever was.
    """
    query = select(IterationNameRow).where(IterationNameRow.project == project)
    rows = connection.execute(query.order_by(IterationNameRow.at, IterationNameRow.number)).all()
    then = {row.number: row.name for row in rows if row.at <= at}
    called = [number for number, held in then.items() if held == name]
    return max(called) if called else next((row.number for row in rows if row.name == name), None)


def list_names(connection: Connection, project: str, most: int = 5) -> Sequence[str]:
    """What people call the last sprints that the tracker has, the latest first."""
    query = select(IterationRow.name).where(IterationRow.project == project)
    return connection.execute(query.order_by(IterationRow.number.desc()).limit(most)).scalars().all()


def list_numbered(connection: Connection, project: str) -> dict[int, str]:
    """What people call the sprints that the tracker has, by their numbers."""
    query = select(IterationRow.number, IterationRow.name).where(IterationRow.project == project)
    return {row.number: row.name for row in connection.execute(query)}


def add(
    connection: Connection,
    project: str,
    tracker: str,
    sprint: Iteration,
    *,
    made: TrackerIteration,
    now: datetime,
) -> None:
    """Note that the tracker had the sprint at `now`, as `made` says."""
    place = {"tracker": tracker, "ref": made.ref, "name": made.name, "named_at": now}
    values = place | {"start": sprint.start, "end": sprint.end}
    statement = insert(connection, IterationRow).values(project=project, number=sprint.number, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["project", "number"], set_=values))
    _note_name(connection, project, sprint.number, made.name, now)


def rename(connection: Connection, tracker: str, ref: str, name: str, at: datetime) -> None:
    """People called the sprint `name` at `at`; nothing changes if a later name is known."""
    mine = (IterationRow.tracker == tracker) & (IterationRow.ref == ref)
    older = IterationRow.named_at.is_(None) | (IterationRow.named_at <= at)
    for row in connection.execute(select(IterationRow.project, IterationRow.number).where(mine)).all():
        _note_name(connection, row.project, row.number, name, at)
    connection.execute(update(IterationRow).where(mine, older).values(name=name, named_at=at))


def forget(connection: Connection, tracker: str, ref: str) -> None:
    """The tracker does not have the sprint any more."""
    mine = (IterationRow.tracker == tracker) & (IterationRow.ref == ref)
    connection.execute(delete(IterationRow).where(mine))


def list_changes(connection: Connection, project: str) -> dict[int, datetime]:
    """When the sprints that the tracker has were made or last renamed, as far as known, by their numbers."""
    query = select(IterationRow.number, IterationRow.named_at).where(IterationRow.project == project)
    return {row.number: row.named_at for row in connection.execute(query) if row.named_at is not None}


def _note_name(connection: Connection, project: str, number: int, name: str, at: datetime) -> None:
    values = {"project": project, "number": number, "at": at, "name": name}
    connection.execute(insert(connection, IterationNameRow).values(values).on_conflict_do_nothing())
