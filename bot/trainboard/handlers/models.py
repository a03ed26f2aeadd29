"""A model registry changed: note the version, and show it on the work item of the run that made it."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem
from trainboard.events import ModelChanged
from trainboard.facts import Fact, RecordModel
from trainboard.read import Read

HANDLES = (ModelChanged,)


def react(event: ModelChanged, read: Read) -> Iterator[Fact | Effect]:
    """The version and its alias as a fact; the work items of the run that made it."""
    door = read.find_door(event.door)
    if door is None or event.version is None:
        return
    cleared = event.action == "alias cleared"
    yield RecordModel(
        project=door.project,
        model=event.model,
        version=event.version,
        at=event.at,
        alias=None if cleared else event.alias,
        cleared_alias=event.alias if cleared else None,
        run_id=event.run_id,
    )
    run_id = event.run_id or read.run_of_version(door.project, event.model, event.version)
    if run_id is None:
        return
    for experiment, number in read.experiments_of_run(door.project, run_id):
        if read.find_item(door.project, experiment, number) is not None:
            yield EnsureExperimentItem(project=door.project, experiment=experiment, number=number)
