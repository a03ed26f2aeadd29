"""A run of a pipeline changed."""

from collections.abc import Iterator

from trainboard.effects import Effect, ReadPipelineRun
from trainboard.events import PipelineRunChanged
from trainboard.read import Read

HANDLES = (PipelineRunChanged,)


def react(event: PipelineRunChanged, read: Read) -> Iterator[Effect]:  # noqa: ARG001  nothing to ask
    """A reading of the run."""
    yield ReadPipelineRun(
        pipelines=event.pipelines, project=event.project, run=event.run, approval=event.approval
    )
