"""A run of a pipeline ended that may have left results of tests, and reports of runs."""

from collections.abc import Iterator

from trainboard.effects import Effect, ReadResults
from trainboard.events import PipelineRunEnded
from trainboard.read import Read

HANDLES = (PipelineRunEnded,)


def react(event: PipelineRunEnded, read: Read) -> Iterator[Effect]:
    """A reading of what it left, unless nobody wants any of it."""
    run = event.run
    projects = read.list_projects_of_code(run.code) if run.holds_results else ()
    wanting = next((each.name for each in projects if each.result_artifacts), "")
    door = read.find_artifact_door(run.code)
    if wanting or door is not None:
        yield ReadResults(project=wanting, run=run, door=door.name if door else "")
