"""Work items shall tell that a run tracker cannot be read, if that lasts and as long as it does."""

from collections.abc import Iterable

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import Due, ask, wake
from trainboard.effects import EnsureExperimentItem
from trainboard.errors import TrainboardError
from trainboard.experiments import Cursor
from trainboard.outages import TOLD_AFTER
from trainboard.read import TrackedItem
from trainboard.store import cursors, items

_log = structlog.get_logger(__name__)


def note_failure(door: str, error: TrainboardError, outside: Outside) -> None:
    """The tracker could not be read. The open work items of its project tell so after a quarter of an hour.

    They are asked for once, so that each is edited once, however many looks fail.
    """
    now = outside.clock()
    with outside.database.write() as connection:
        cursors.fail(connection, door, now, str(error))
        reading = cursors.get(connection, door)
        lasted = now - (reading.unreachable_since or now)
        if reading.told_at is not None or lasted < TOLD_AFTER:
            return
        cursors.note_told(connection, door, now)
        shown = items.list_shown(connection, outside.doors[door].project)
        due = _show(connection, shown, outside)
    _log.warning("a run tracker cannot be read", source=door, since=reading.unreachable_since)
    wake(due, outside)


def note_success(door: str, cursor: Cursor, outside: Outside) -> None:
    """The tracker was read to its end. What told of an outage tells it no more, also where it was closed."""
    now = outside.clock()
    with outside.database.write() as connection:
        before = cursors.get(connection, door)
        cursors.advance(connection, door, cursor, now)
        if before.told_at is None:
            return
        shown = items.list_shown(connection, outside.doors[door].project, changed_since=before.told_at)
        due = _show(connection, shown, outside)
    _log.info("a run tracker can be read again", source=door, since=before.unreachable_since)
    wake(due, outside)


def _show(connection: Connection, shown: Iterable[TrackedItem], outside: Outside) -> Due:
    effects = [
        EnsureExperimentItem(project=each.project, experiment=each.experiment, number=each.number)
        for each in shown
    ]
    return ask(connection, effects, outside)
