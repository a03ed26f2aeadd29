"""Runs of which nothing is heard any more: their work items shall not say for ever that they run."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem
from trainboard.events import SilenceDue
from trainboard.read import Read

HANDLES = (SilenceDue,)


def react(event: SilenceDue, read: Read) -> Iterator[Effect]:
    """The work items of experiments with a run that was heard of too long ago for the first time."""
    del event
    for project, experiment, number in read.list_lately_unheard():
        if read.find_item(project, experiment, number) is not None:
            yield EnsureExperimentItem(project=project, experiment=experiment, number=number)
