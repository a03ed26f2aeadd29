"""It is time to see whether something that was sent never came in."""

from collections.abc import Iterator

from trainboard.effects import Effect, RecoverDeliveries
from trainboard.events import RecoveryDue
from trainboard.read import Read

HANDLES = (RecoveryDue,)


def react(event: RecoveryDue, read: Read) -> Iterator[Effect]:  # noqa: ARG001  nothing to ask
    """A look at what the sender remembers."""
    yield RecoverDeliveries(source=event.source)
