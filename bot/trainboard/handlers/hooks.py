"""It is time to see whether hooks work."""

from collections.abc import Iterator

from trainboard.effects import Effect, KeepHooks
from trainboard.events import HooksDue
from trainboard.read import Read

HANDLES = (HooksDue,)


def react(event: HooksDue, read: Read) -> Iterator[Effect]:  # noqa: ARG001  nothing to ask
    """A look at the hooks."""
    yield KeepHooks(source=event.source)
