"""Which sprints the trackers have."""

from sqlalchemy import Connection, delete, select, update

from trainboard.iterations import Iteration
from trainboard.store.models import IterationRow
from trainboard.store.upserts import insert


def find_ref(connection: Connection, project: str, number: int) -> str | None:
    """The sprint's number in its tracker, None if it was not made yet."""
    mine = (IterationRow.project == project) & (IterationRow.number == number)
    return connection.execute(select(IterationRow.ref).where(mine)).scalar()


def find_name(connection: Connection, project: str, number: int) -> str | None:
    """What people call the sprint, None if the tracker does not have it."""
    mine = (IterationRow.project == project) & (IterationRow.number == number)
    return connection.execute(select(IterationRow.name).where(mine)).scalar()


def add(
    connection: Connection, project: str, tracker: str, sprint: Iteration, *, ref: str, name: str
) -> None:
    """Note that the tracker has the sprint, under `ref`."""
    values = {"tracker": tracker, "ref": ref, "name": name, "start": sprint.start, "end": sprint.end}
    statement = insert(connection, IterationRow).values(project=project, number=sprint.number, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["project", "number"], set_=values))


def rename(connection: Connection, tracker: str, ref: str, name: str) -> None:
    """People call the sprint `name` now."""
    mine = (IterationRow.tracker == tracker) & (IterationRow.ref == ref)
    connection.execute(update(IterationRow).where(mine).values(name=name))


def forget(connection: Connection, tracker: str, ref: str) -> None:
    """The tracker does not have the sprint any more."""
    mine = (IterationRow.tracker == tracker) & (IterationRow.ref == ref)
    connection.execute(delete(IterationRow).where(mine))
