"""What ended sprints left open, and what became of each item of it."""

from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, select, update

from trainboard.store.sprint_models import SprintCarryRow
from trainboard.store.upserts import insert

Fate = Literal["moved", "left", "refused"]
_WAITING = "waiting"


def plan(connection: Connection, project: str, number: int, refs: Iterable[str]) -> None:
    """These items of the sprint shall be carried; what is known of one stays."""
    rows = [{"project": project, "number": number, "item": ref, "state": _WAITING} for ref in refs]
    if rows:
        connection.execute(insert(connection, SprintCarryRow).on_conflict_do_nothing(), rows)


def list_waiting(connection: Connection, project: str, number: int) -> Sequence[str]:
    """The refs of the items whose fate is not known yet, in the order of their numbers."""
    mine = _is_of(project, number) & (SprintCarryRow.state == _WAITING)
    found = connection.execute(select(SprintCarryRow.item).where(mine)).scalars()
    return sorted(found, key=lambda ref: (len(ref), ref))


def settle(connection: Connection, project: str, number: int, ref: str, fate: Fate) -> None:
    """It was moved, was somebody else's to move, or could not be."""
    mine = _is_of(project, number) & (SprintCarryRow.item == ref)
    connection.execute(update(SprintCarryRow).where(mine).values(state=fate))


def forget(connection: Connection, project: str, number: int) -> None:
    """The sprint is closed, or gone."""
    connection.execute(delete(SprintCarryRow).where(_is_of(project, number)))


def _is_of(project: str, number: int) -> ColumnElement[bool]:
    return (SprintCarryRow.project == project) & (SprintCarryRow.number == number)
