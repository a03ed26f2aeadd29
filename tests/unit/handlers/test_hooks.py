"""It is time to see whether hooks work."""

from fakes.read import FakeRead
from trainboard.effects import KeepHooks
from trainboard.events import HooksDue
from trainboard.handlers.hooks import react


def test_a_tick_asks_for_a_look_at_the_hooks():
    """Which hooks there are is known where they are looked at."""
    due = HooksDue(source="azure-devops")
    assert [KeepHooks(source="azure-devops")] == list(react(due, FakeRead()))
