"""A work item shall be as somebody commanded."""

from datetime import timedelta

import structlog
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from trainboard.applying import Outside
from trainboard.applying.answers import tell_end
from trainboard.applying.asking import wake
from trainboard.applying.experiment_items import iteration_ref
from trainboard.effects import EditItem
from trainboard.errors import DoubtError, MissingError, NotYetError, PermanentError, TrainboardError
from trainboard.rendering.inert import inert
from trainboard.store import commands
from trainboard.trackers import Tracker
from trainboard.work_items import WorkItem, WorkItemChange

APPLIES = EditItem

DEADLINE = timedelta(hours=1)
"""What could not be done so long after it was commanded is not wanted any more."""

_log = structlog.get_logger(__name__)


def apply(effect: EditItem, outside: Outside) -> None:
    """Change the item, and have the comment answered. To do it again changes nothing more.

    Raises:
        NotYetError: the sprint is being made.
        TransientError: it could not be changed yet.
    """
    with outside.database.read() as connection:
        given = commands.find(connection, effect.asked)
    if given is None or effect.key not in given.awaited:
        return
    tracker = outside.trackers[effect.project]
    try:
        refusal = _change(effect, tracker, outside)
    except PermanentError as error:
        refusal = inert(str(error), 400)
    except NotYetError:
        raise
    except TrainboardError as error:
        if outside.clock() - given.at < DEADLINE or isinstance(error, DoubtError):
            raise
        refusal = f"Not within an hour. {inert(str(error), 400)}"
    _settle(effect, refusal, outside)


def _change(effect: EditItem, tracker: Tracker, outside: Outside) -> str:
    """Why the item is not as it was commanded, empty if it is."""
    ref, edit = effect.origin.ref, effect.edit
    change = WorkItemChange(
        state=edit.state,
        closed_as=edit.closed_as,
        iteration=_find_iteration(effect, outside),
        assignees=edit.assignees,
        add_labels=edit.add_labels,
        remove_labels=edit.remove_labels,
        priority=edit.priority,
        estimate=edit.estimate,
    )
    if edit.assign or edit.unassign:
        change = replace(
            change, assignees=_assignees(effect, tracker.get_item(ref), tracker.traits.max_assignees)
        )
    try:
        item = tracker.update_item(ref, change)
    except MissingError:
        return "There is no such work item any more."
    _log.info("work item changed by command", tracker=tracker.name, item=ref, asked=effect.asked)
    return _find_dropped(effect, item)


def _find_iteration(effect: EditItem, outside: Outside) -> str | UnsetType | None:
    """The ref of the sprint in the tracker; one that is not there is made first."""
    number = effect.edit.sprint
    if number is UNSET:
        return effect.edit.iteration
    return None if number is None else iteration_ref(effect.project, number, outside)


def _assignees(effect: EditItem, item: WorkItem, most: int) -> tuple[str, ...]:
    """Where an item is given to one person, that is the last one."""
    gone = {name.casefold() for name in effect.edit.unassign}
    names = {name.casefold(): name for name in item.assignees if name.casefold() not in gone}
    names |= {name.casefold(): name for name in effect.edit.assign if name.casefold() not in names}
    return tuple(names.values())[-most:]


def _find_dropped(effect: EditItem, item: WorkItem) -> str:
    """Platforms leave out whom an item cannot be given to, without a word."""
    there = {name.casefold() for name in item.assignees}
    lost = [inert(name, 80) for name in effect.edit.assign if name.casefold() not in there]
    return f"It cannot be given to {', '.join(lost)} there." if lost else ""


def _settle(effect: EditItem, refusal: str, outside: Outside) -> None:
    with outside.database.write() as connection:
        due = tell_end(connection, effect.project, effect.asked, effect.key, outside, refusal=refusal)
    wake(due, outside)
