"""It is time to look at a run tracker."""

from collections.abc import Iterator

from trainboard.effects import Effect, ReadRuns
from trainboard.events import PollDue
from trainboard.read import Read

HANDLES = (PollDue,)


def react(event: PollDue, read: Read) -> Iterator[Effect]:
    """A reading, if the tracker is still configured to be read."""
    door = read.find_door(event.door)
    if door is not None and door.polled:
        yield ReadRuns(door=event.door, full=event.full)
