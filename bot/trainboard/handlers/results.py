"""A run of a pipeline ended that may have left results."""

from collections.abc import Iterator

from trainboard.effects import Effect, ReadResults
from trainboard.events import PipelineRunEnded
from trainboard.read import Read

HANDLES = (PipelineRunEnded,)


def react(event: PipelineRunEnded, read: Read) -> Iterator[Effect]:
    """A reading of what it left, unless no project whose code it is of wants any."""
    wanting = [each for each in read.list_projects_of_code(event.run.code) if each.result_artifacts]
    if wanting:
        yield ReadResults(project=wanting[0].name, run=event.run)
