"""A sprint that the project's tracker shall have."""

from trainboard.applying import Outside
from trainboard.effects import EnsureIteration
from trainboard.fingerprints import iteration_key
from trainboard.iterations import iteration
from trainboard.store import iterations
from trainboard.work_items import NewIteration, TrackerIteration

APPLIES = EnsureIteration


def apply(effect: EnsureIteration, outside: Outside) -> None:
    """Find the sprint by its mark or its name, or make it.

    Looking first costs one call in two weeks and settles every doubt; a sprint of that name that
    people made is theirs and ours.
    """
    project, tracker = outside.projects[effect.project], outside.trackers[effect.project]
    with outside.database.read() as connection:
        if iterations.find_ref(connection, effect.project, effect.number) is not None:
            return
    sprint = iteration(project.sprint, effect.number)
    mark = outside.markers(effect.project).begin(iteration_key(effect.project, effect.number))
    now = outside.clock()
    standing = list(tracker.list_iterations())
    marked = next((each for each in standing if mark in each.description), None)
    named = next((each for each in standing if each.name == sprint.name), None)
    made = marked or named or _make(outside, effect, mark)
    with outside.database.write() as connection:
        iterations.add(connection, effect.project, tracker.name, sprint, made=made, now=now)


def _make(outside: Outside, effect: EnsureIteration, mark: str) -> TrackerIteration:
    sprint = iteration(outside.projects[effect.project].sprint, effect.number)
    description = f"{sprint.start} to {sprint.end}, kept by Trainboard.\n{mark}"
    return outside.trackers[effect.project].create_iteration(
        NewIteration(name=sprint.name, start=sprint.start, end=sprint.end, description=description)
    )
