"""It is time to remove what is kept no longer."""

from collections.abc import Iterator

from trainboard.effects import Effect, RemoveOldRows
from trainboard.events import RemovalDue
from trainboard.read import Read

HANDLES = (RemovalDue,)


def react(event: RemovalDue, read: Read) -> Iterator[Effect]:  # noqa: ARG001  nothing to ask
    """A removal."""
    yield RemoveOldRows()
