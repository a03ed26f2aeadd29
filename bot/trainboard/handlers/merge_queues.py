"""A merge queue tries a pull request: the commit that it makes for that needs the metric gate too."""

from collections.abc import Iterator
from itertools import islice

from trainboard.effects import Effect, EnsureQueuedGate
from trainboard.events import MergeQueued
from trainboard.read import Read

HANDLES = (MergeQueued,)


def react(event: MergeQueued, read: Read) -> Iterator[Effect]:
    """The gate, once for all projects of the repository; nothing where none has its code there."""
    for project in islice(read.list_projects_of_code(event.code), 1):
        yield EnsureQueuedGate(
            project=project.name, code=event.code, pull_request=event.number, commit=event.commit
        )
