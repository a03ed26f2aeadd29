"""What the tags of a project's code tell of models shall be known."""

from collections.abc import Iterator

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside, polled
from trainboard.applying.registry import list_moves
from trainboard.effects import ReadModelTags
from trainboard.errors import PermanentError
from trainboard.events import ModelChanged
from trainboard.experiments import Registry
from trainboard.linking import name_tag_door
from trainboard.model_tags import TaggedModels, read_tags
from trainboard.policy import Project
from trainboard.store import runs, servings

APPLIES = ReadModelTags

_log = structlog.get_logger(__name__)


def apply(effect: ReadModelTags, outside: Outside) -> None:
    """Store what differs from what is known as deliveries: versions with the runs that made them, and moves.

    The run of a version is the only one that trained at its commit; where several did, none is taken for it.
    """
    project, repository = outside.projects[effect.project], outside.repositories.get(effect.project)
    if repository is None:
        return
    try:
        tagged = read_tags(repository.list_tags())
    except PermanentError as error:
        _log.warning("may not read the tags of models", code=repository.name, error=str(error))
        return
    door, now = name_tag_door(project.name), outside.clock()
    registry = Registry(at=now, aliases=tagged.stages)
    with outside.database.read() as connection:
        known = servings.list_pointers(connection, [project.name])
        told = [
            *_list_versions(connection, project, tagged, door, outside),
            *list_moves(door, registry, known),
        ]
    polled.accept(map(polled.make_model_delivery, told), outside, now)


def _list_versions(
    connection: Connection, project: Project, tagged: TaggedModels, door: str, outside: Outside
) -> Iterator[ModelChanged]:
    known = runs.list_makers(connection, project.name)
    only = runs.list_only(connection, project.name, project.code or "")
    for (model, version), commit in sorted(tagged.versions.items()):
        made_by = None if known.get((model, version)) else only.get(commit)
        if (model, version) not in known or made_by:
            yield ModelChanged(
                door=door,
                action="version",
                model=model,
                version=version,
                at=outside.clock(),
                run_id=made_by,
            )
