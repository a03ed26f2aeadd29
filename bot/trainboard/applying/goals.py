"""A sprint's description shall tell its goal."""

import structlog

from trainboard.applying import Outside
from trainboard.applying.experiment_items import iteration_ref
from trainboard.effects import ShowGoal
from trainboard.fingerprints import iteration_key
from trainboard.goals import find_goal
from trainboard.iterations import iteration_at
from trainboard.rendering.goals import say_goal
from trainboard.store import iterations, sprint_goals

APPLIES = ShowGoal

_log = structlog.get_logger(__name__)


def apply(effect: ShowGoal, outside: Outside) -> None:
    """Write the bot's part of the description, where a tracker has one; what people wrote there stays.

    A past sprint that is gone is not made again for that.

    Raises:
        NotYetError: the sprint is being made.
    """
    tracker, project = outside.trackers[effect.project], outside.projects[effect.project]
    now = outside.clock()
    with outside.database.read() as connection:
        goal = find_goal(sprint_goals.list_of(connection, effect.project), effect.number, now)
        ref = iterations.find_ref(connection, effect.project, effect.number)
    is_over = effect.number < iteration_at(project.sprint, now).number
    if goal is None or not tracker.traits.iteration_has_description or (ref is None and is_over):
        return
    ref = ref or iteration_ref(effect.project, effect.number, outside)
    sprint = next((each for each in tracker.list_iterations() if each.ref == ref), None)
    if sprint is None:
        _log.warning("no such sprint any more", tracker=tracker.name, sprint=ref)
        return
    markers, key = outside.markers(effect.project), iteration_key(effect.project, effect.number)
    said = markers.replace(sprint.description, key, say_goal(goal, is_over=is_over))
    if said != sprint.description:
        tracker.describe_iteration(ref, said)
        _log.info("goal of a sprint shown", tracker=tracker.name, sprint=ref)
