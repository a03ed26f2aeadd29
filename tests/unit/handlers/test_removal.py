"""It is time to remove what is kept no longer."""

from fakes.read import FakeRead
from trainboard.effects import RemoveOldRows
from trainboard.events import RemovalDue
from trainboard.handlers.removal import react


def test_a_tick_asks_for_a_removal():
    """One for all that is old."""
    assert [RemoveOldRows()] == list(react(RemovalDue(), FakeRead()))
