"""It is time to look at a run tracker."""

import pytest

from fakes.read import DOOR, FakeRead
from trainboard.effects import ReadRuns
from trainboard.events import PollDue
from trainboard.handlers.polls import react
from trainboard.policy import Door


@pytest.mark.parametrize("full", [False, True])
def test_a_polled_source_is_read(full):
    """The reading is as thorough as the tick asks."""
    due = PollDue(door=DOOR.name, full=full)

    assert [ReadRuns(door=DOOR.name, full=full)] == list(react(due, FakeRead()))


@pytest.mark.parametrize("doors", [(), (Door(name=DOOR.name, project="churn"),)])
def test_a_source_that_is_gone_or_not_polled_is_left_alone(doors):
    """A tick may be older than the settings."""
    assert [] == list(react(PollDue(door=DOOR.name), FakeRead(doors=doors)))
