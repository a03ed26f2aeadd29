"""A merge queue tries a pull request: what is said of the commit that it makes is said of that too.

The commit needs the metric gate as well.
"""

from collections.abc import Iterator
from itertools import islice

from trainboard.effects import Effect, EnsurePullRequestStatus, EnsureQueuedGate
from trainboard.events import MergeQueued
from trainboard.facts import Fact, RecordQueued
from trainboard.read import Read

HANDLES = (MergeQueued,)


def react(event: MergeQueued, read: Read) -> Iterator[Fact | Effect]:
    """The gate, once for all projects of the repository; nothing where none has its code there."""
    for project in islice(read.list_projects_of_code(event.code), 1):
        yield RecordQueued(code=event.code, number=event.number, commit=event.commit, at=event.at)
        yield EnsurePullRequestStatus(project=project.name, code=event.code, pull_request=event.number)
        yield EnsureQueuedGate(
            project=project.name, code=event.code, pull_request=event.number, commit=event.commit
        )
