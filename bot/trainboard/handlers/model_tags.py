"""Tags of the code tell of models, where a project says so: they are looked for."""

from collections.abc import Iterator

from trainboard.effects import ReadModelTags
from trainboard.events import HistoryDue
from trainboard.read import Read

HANDLES = (HistoryDue,)


def react(event: HistoryDue, read: Read) -> Iterator[ReadModelTags]:  # noqa: ARG001  it says nothing more
    """One look at each of these projects."""
    for project in read.list_projects():
        if project.model_tags:
            yield ReadModelTags(project=project.name)
