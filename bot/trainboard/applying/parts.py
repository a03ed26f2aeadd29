"""A part of a work item that somebody split shall be an item of its own, below it."""

import structlog

from trainboard.applying import Outside
from trainboard.applying.answers import tell_end
from trainboard.applying.asking import wake
from trainboard.applying.doubts import find_made, settles_if_undone
from trainboard.budgets import Lane, in_lane
from trainboard.comments import Obeyed
from trainboard.effects import MakePart
from trainboard.errors import PermanentError
from trainboard.fingerprints import part_key
from trainboard.rendering.inert import inert
from trainboard.store import commands, intents
from trainboard.trackers import Tracker
from trainboard.work_items import PART_LABEL, NewWorkItem, WorkItem

APPLIES = MakePart

_log = structlog.get_logger(__name__)


def apply(effect: MakePart, outside: Outside) -> None:
    """Make the item, or find the one that an attempt made whose end is not known; then put it below.

    Raises:
        DoubtError: it may have been made; the next attempt looks for it.
        TransientError: nothing was made.
    """
    with outside.database.read() as connection:
        given = commands.find(connection, effect.asked)
    if given is None or effect.key not in given.awaited:
        return
    tracker, refusal = outside.trackers[effect.project], ""
    try:
        made = _find_or_make(effect, given, tracker, outside)
        tracker.add_child(effect.origin.ref, made.ref)
        _log.info("part of a work item made", tracker=tracker.name, item=made.ref, parent=effect.origin.ref)
    except PermanentError as error:
        refusal = f"{inert(effect.title, 100)}: {inert(str(error), 300)}"
    with outside.database.write() as connection:
        intents.settle(connection, _key(effect))
        due = tell_end(connection, effect.project, effect.asked, effect.key, outside, refusal=refusal)
    wake(due, outside)


def _find_or_make(effect: MakePart, given: Obeyed, tracker: Tracker, outside: Outside) -> WorkItem:
    key, markers = _key(effect), outside.markers(effect.project)
    found = find_made(effect.project, key, PART_LABEL, outside)
    if found is not None:
        return found
    said = f"A part of work item {effect.origin.ref}, as {inert(given.person.name, 80)} asked."
    with settles_if_undone(key, outside):
        new = NewWorkItem(
            title=effect.title,
            body=markers.wrap(key, said),
            labels=(PART_LABEL,),
            iteration=tracker.get_item(effect.origin.ref).iteration,
        )
        with in_lane(Lane.CREATE):
            return tracker.create_item(new)


def _key(effect: MakePart) -> str:
    return part_key(effect.asked, effect.place)
