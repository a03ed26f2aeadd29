"""A sprint that is over shall be in the history, leave nothing to be carried, and be closed."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from trainboard.applying import Outside, sprint_items
from trainboard.applying.experiment_items import iteration_ref
from trainboard.effects import EndIteration, ReadSprints
from trainboard.errors import MissingError, NotYetError, PermanentError, ReadOnlyError
from trainboard.iterations import iteration_at
from trainboard.store import items, iterations, outbox, sprint_carries
from trainboard.store.sprint_carries import Fate
from trainboard.trackers import Tracker
from trainboard.work_items import WorkItemChange

APPLIES = EndIteration

AT_ONCE = 25
"""So many items are moved before others get their turn."""
SOON_SECONDS = 0.5
LATER_SECONDS = 60.0

_log = structlog.get_logger(__name__)


def apply(effect: EndIteration, outside: Outside) -> None:
    """Note how the sprint stood, then carry what is open, then close it; each step is done once.

    A sprint that somebody deleted is forgotten. One that is another project's too, and goes on there, is left
    as it is.

    Raises:
        NotYetError: items are left to be carried.
    """
    with outside.database.read() as connection:
        known = iterations.find(connection, effect.project, effect.number)
    if known is None or known.is_closed or effect.number >= _find_current(effect.project, outside):
        return
    tracker = outside.trackers[effect.project]
    try:
        if not known.is_read:
            _read(effect, known.ref, outside)
        is_ours = not _goes_on_elsewhere(effect, known.ref, outside)
        if is_ours:
            _carry(effect, known.ref, outside)
        _wait_for_experiments(effect, outside)
        if is_ours:
            tracker.close_iteration(known.ref)
    except PermanentError as error:
        if isinstance(error, ReadOnlyError) or not _is_gone(known.ref, tracker):
            raise
        _log.warning("a sprint is gone that should be closed", tracker=tracker.name, sprint=known.ref)
        with outside.database.write() as connection:
            iterations.forget(connection, tracker.name, known.ref)
            sprint_carries.forget(connection, effect.project, effect.number)
        return
    with outside.database.write() as connection:
        iterations.note_closed(connection, effect.project, effect.number, outside.clock())
        sprint_carries.forget(connection, effect.project, effect.number)
    _log.info("sprint ended", tracker=tracker.name, project=effect.project, number=effect.number)


def require_read(project: str, number: int, outside: Outside) -> str | None:
    """The ref of a sprint of which the history tells how it ended; None if the tracker does not have it.

    What is moved before would be missing at its end. One that goes on need not tell yet.

    Raises:
        NotYetError: the history does not tell yet; it has been asked for.
    """
    now, asked = outside.clock(), EndIteration(project=project, number=number)
    with outside.database.write() as connection:
        known = iterations.find(connection, project, number)
        if known is None or known.is_read or number >= _find_current(project, outside):
            return known.ref if known else None
        due = outbox.put(connection, asked, now, pace=timedelta(0)).due
    outside.wake(f"out:{asked.mailbox}", due)
    seconds = max(0.0, (due - now).total_seconds()) + SOON_SECONDS
    raise NotYetError(f"sprint {number} of {project} has not been read", retry_after_seconds=seconds)


def _find_current(project: str, outside: Outside) -> int:
    return iteration_at(outside.projects[project].sprint, outside.clock()).number


def _goes_on_elsewhere(effect: EndIteration, ref: str, outside: Outside) -> bool:
    tracker, zone = outside.trackers[effect.project].name, outside.projects[effect.project].sprint.timezone
    today = outside.clock().astimezone(ZoneInfo(zone)).date()
    with outside.database.read() as connection:
        return iterations.goes_on_elsewhere(connection, effect.project, tracker, ref, today)


def _read(effect: EndIteration, ref: str, outside: Outside) -> None:
    """Write down how the sprint stands, and what of it is to be carried, before anything is moved."""
    tracker, project = outside.trackers[effect.project], outside.projects[effect.project]
    try:
        sprint_items.apply(ReadSprints(project=effect.project), outside)
    except PermanentError as error:
        _log.warning("the history does not tell how a sprint ended", project=project.name, reason=str(error))
    is_for_all = project.carry_over == "all"
    planned = sprint_items.list_planned(tracker, ref) if is_for_all else []
    left = [item.ref for item in planned if item.state == "open"]
    current, now = _find_current(effect.project, outside), outside.clock()
    with outside.database.write() as connection:
        experiments = {known.item.ref for known in items.list_open(connection, effect.project, current)}
        others = [each for each in left if each not in experiments]
        sprint_carries.plan(connection, effect.project, effect.number, others)
        iterations.note_read(connection, effect.project, effect.number, now)


def _carry(effect: EndIteration, origin: str, outside: Outside) -> None:
    with outside.database.read() as connection:
        waiting = sprint_carries.list_waiting(connection, effect.project, effect.number)
    if not waiting:
        return
    number, tracker = _find_current(effect.project, outside), outside.trackers[effect.project]
    goal = iteration_ref(effect.project, number, outside)
    for ref in waiting[:AT_ONCE]:
        fate = _move(ref, origin, goal, tracker, outside)
        with outside.database.write() as connection:
            sprint_carries.settle(connection, effect.project, effect.number, ref, fate)
        _log.info("item of an ended sprint", tracker=tracker.name, item=ref, fate=fate, sprint=number)
    if len(waiting) > AT_ONCE:
        said = (
            f"{len(waiting) - AT_ONCE} items of sprint {effect.number} of {effect.project} are left to carry"
        )
        raise NotYetError(said, retry_after_seconds=SOON_SECONDS)


def _move(ref: str, origin: str, goal: str, tracker: Tracker, outside: Outside) -> Fate:
    """Move the item, unless it is closed, gone, or somebody put it elsewhere meanwhile."""
    try:
        item = tracker.get_item(ref)
    except MissingError:
        return "left"
    if item.iteration == goal:
        return "moved"
    if item.state != "open" or item.iteration != origin:
        return "left"
    try:
        tracker.update_item(ref, WorkItemChange(iteration=goal))
    except ReadOnlyError:
        raise
    except PermanentError as error:
        _require_goal(goal, tracker, outside)
        _log.warning("cannot carry an item", tracker=tracker.name, item=ref, reason=str(error))
        return "refused"
    return "moved"


def _require_goal(ref: str, tracker: Tracker, outside: Outside) -> None:
    """Make sure that it is not for want of the sprint that an item cannot be moved there."""
    if _is_gone(ref, tracker):
        with outside.database.write() as connection:
            iterations.forget(connection, tracker.name, ref)
        raise NotYetError(
            "somebody deleted the current sprint: it is made anew", retry_after_seconds=SOON_SECONDS
        )


def _wait_for_experiments(effect: EndIteration, outside: Outside) -> None:
    """Those are carried by effects of their own, which also write their texts."""
    if outside.projects[effect.project].carry_over == "none":
        return
    with outside.database.read() as connection:
        left = items.list_open(connection, effect.project, effect.number + 1)
    if any(known.item.number == effect.number for known in left):
        said = f"experiments of sprint {effect.number} of {effect.project} are left to carry"
        raise NotYetError(said, retry_after_seconds=LATER_SECONDS)


def _is_gone(ref: str, tracker: Tracker) -> bool:
    return all(each.ref != ref for each in tracker.list_iterations())
