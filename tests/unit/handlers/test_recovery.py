"""It is time to see whether something never came in."""

from fakes.read import FakeRead
from trainboard.effects import RecoverDeliveries
from trainboard.events import RecoveryDue
from trainboard.handlers.recovery import react


def test_a_tick_asks_for_a_look_at_its_sender():
    """Whether the sender can still be asked is known where it is asked."""
    assert [RecoverDeliveries(source="github")] == list(react(RecoveryDue(source="github"), FakeRead()))
