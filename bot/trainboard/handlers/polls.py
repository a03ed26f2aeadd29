"""It is time to look at a run tracker, or at a monitor."""

from collections.abc import Iterator

from trainboard.effects import Effect, ReadAlerts, ReadRuns
from trainboard.events import PollDue, RunReported
from trainboard.read import Read

HANDLES = (PollDue, RunReported)


def react(event: PollDue | RunReported, read: Read) -> Iterator[Effect]:
    """A reading, if what is behind the door is still configured to be read.

    Whoever tells of a run that we also read by ourselves, without having read it, hints that there is more to
    know of it.
    """
    door = read.find_door(event.door)
    if door is None:
        return
    if isinstance(event, RunReported):
        for other in read.list_readings(door.project, event.report.source):
            if other.name != door.name:
                yield ReadRuns(door=other.name)
    elif door.polled and door.alerts is not None:
        yield ReadAlerts(door=event.door)
    elif door.polled:
        yield ReadRuns(door=event.door, full=event.full)
