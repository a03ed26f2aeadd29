"""A model registry changed, or a version came to an endpoint: note it, and show it where it is looked for.

That is on the work items of the runs that made the versions which an alias or an endpoint has or had.
"""

from collections.abc import Iterable, Iterator

from trainboard.effects import Effect, EnsureExperimentItem, FindVersion
from trainboard.events import ModelChanged, ModelServed
from trainboard.facts import Fact, RecordAlias, RecordModel, RecordServing
from trainboard.policy import Door
from trainboard.read import Read
from trainboard.serving import AliasMove

HANDLES = (ModelChanged, ModelServed)


def react(event: ModelChanged | ModelServed, read: Read) -> Iterator[Fact | Effect]:
    """What was told as a fact; the work items of the runs that it is about."""
    door = read.find_door(event.door)
    if door is None:
        return
    match event:
        case ModelServed(serving=serving):
            yield RecordServing(project=door.project, serving=serving)
            yield from _shown(door, serving.model, [serving.version], read)
        case ModelChanged(action="version", version=str(version)):
            yield RecordModel(
                project=door.project, model=event.model, version=version, at=event.at, run_id=event.run_id
            )
            run_id = event.run_id or read.run_of_version(door.project, event.model, version)
            if run_id is None:
                for other in read.list_readings(door.project, event.source):
                    yield FindVersion(door=other.name, model=event.model, version=version)
            yield from _items(door, filter(None, [run_id]), read)
        case ModelChanged(action="alias set" | "alias cleared", alias=str(alias)):
            now = event.version if event.action == "alias set" else None
            move = AliasMove(model=event.model, alias=alias, version=now, at=event.at)
            yield RecordAlias(project=door.project, move=move)
            yield from _shown(door, event.model, filter(None, [event.version]), read)


def _shown(door: Door, model: str, versions: Iterable[str], read: Read) -> Iterator[Effect]:
    """What one version gains, others of the model lose."""
    runs = [read.run_of_version(door.project, model, version) for version in versions]
    before = read.runs_in_use(door.project, model)
    yield from _items(door, dict.fromkeys([*filter(None, runs), *before]), read)


def _items(door: Door, runs: Iterable[str], read: Read) -> Iterator[Effect]:
    for run_id in runs:
        for experiment, number in read.experiments_of_run(door.project, run_id):
            if read.find_item(door.project, experiment, number) is not None:
                yield EnsureExperimentItem(project=door.project, experiment=experiment, number=number)
