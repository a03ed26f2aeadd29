"""It is time to look at a run tracker, or at a monitor."""

from collections.abc import Iterator

from trainboard.effects import Effect, ReadAlerts, ReadRuns
from trainboard.events import PollDue
from trainboard.read import Read

HANDLES = (PollDue,)


def react(event: PollDue, read: Read) -> Iterator[Effect]:
    """A reading, if what is behind the door is still configured to be read."""
    door = read.find_door(event.door)
    if door is None or not door.polled:
        return
    if door.alerts is not None:
        yield ReadAlerts(door=event.door)
    else:
        yield ReadRuns(door=event.door, full=event.full)
