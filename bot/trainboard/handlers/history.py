"""What stands in the sprints is looked at, so that reports know what happened."""

from collections.abc import Iterator

from trainboard.effects import Effect, ReadSprints
from trainboard.events import HistoryDue
from trainboard.read import Read

HANDLES = (HistoryDue,)


def react(event: HistoryDue, read: Read) -> Iterator[Effect]:  # noqa: ARG001  it says nothing more
    """One look at each project."""
    for project in read.list_projects():
        yield ReadSprints(project=project.name)
