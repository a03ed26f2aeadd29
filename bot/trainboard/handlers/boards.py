"""Project boards show our work items as they are."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureOnBoard
from trainboard.events import SprintsDue
from trainboard.read import Read

HANDLES = (SprintsDue,)


def react(event: SprintsDue, read: Read) -> Iterator[Effect]:  # noqa: ARG001  it says nothing more
    """Whatever changed since a board was set last."""
    for project in read.list_projects():
        for each in read.list_off_board(project.name):
            yield EnsureOnBoard(project=project.name, ref=each.ref, state=each.state, sprint=each.sprint)
