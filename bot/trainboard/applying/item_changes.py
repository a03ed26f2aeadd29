"""What trackers tell of changes, when they are asked, shall be in the history of the project's work items."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from msgspec import UNSET, UnsetType
from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.effects import ReadChanges
from trainboard.item_changes import ItemChange
from trainboard.policy import Project
from trainboard.report.happenings import Happening
from trainboard.report.telling import leave_out_told
from trainboard.store import history_readings, item_history, iterations
from trainboard.store.starts import list_starts

APPLIES = ReadChanges

MOST_PAGES = 30
"""What is more is read the next time."""


def apply(effect: ReadChanges, outside: Outside) -> None:
    """Write down what the tracker tells since the last time."""
    read_changes(outside.projects[effect.project], outside)


def read_changes(project: Project, outside: Outside) -> int:
    """The same, with the starts that we know ourselves; answers how much of it was new.

    Each page is stored in one transaction with the mark behind it. A time in which nobody asked is a gap
    until all is read.
    """
    now = outside.clock()
    with outside.database.write() as connection:
        history_readings.note_silence(connection, project.name, now)
        mark = history_readings.get(connection, project.name).mark
    told = 0
    for page in islice(outside.trackers[project.name].list_changes(mark), MOST_PAGES):
        with outside.database.write() as connection:
            fresh = list(_list_fresh(connection, project, page.changes))
            told += item_history.add(connection, project.name, fresh, outside.clock())
            history_readings.advance(connection, project.name, page.mark, now, complete=page.complete)
    with outside.database.write() as connection:
        item_history.add(connection, project.name, list_starts(connection, project), outside.clock())
    return told


def _list_fresh(
    connection: Connection, project: Project, changes: Iterable[ItemChange]
) -> Iterator[Happening]:
    found = [each for change in changes if (each := _to_happening(connection, project, change)) is not None]
    known = item_history.list_of_items(connection, project.name, {each.item for each in found})
    yield from leave_out_told(found, known)


def _to_happening(connection: Connection, project: Project, change: ItemChange) -> Happening | None:
    """None where nothing is left that a report could be about."""
    happening = Happening(
        item=change.ref,
        at=change.at,
        sequence=change.sequence,
        source=change.source,
        title=change.title,
        url=change.url,
        sprint=_find_sprint(connection, project, change),
        points=Decimal(str(change.estimate)) if isinstance(change.estimate, float) else change.estimate,
        points_gone=UNSET if change.estimate_gone is None else Decimal(str(change.estimate_gone)),
        state=change.progress,
        begins=bool(change.label) and project.sprint.is_start(change.label),
    )
    empty = Happening(item=change.ref, at=change.at, sequence=change.sequence, source=change.source)
    return None if replace(happening, url=UNSET) == empty else happening


def _find_sprint(connection: Connection, project: Project, change: ItemChange) -> int | UnsetType | None:
    if change.iteration_name:
        return iterations.find_number_then(connection, project.name, change.iteration_name, change.at)
    if isinstance(change.iteration, str):
        return iterations.find_number_of(connection, project.name, change.iteration)
    return change.iteration
