"""It is time to look at a run tracker."""

import pytest
from msgspec import structs

from fakes.experiments import run
from fakes.read import DOOR, FakeRead
from trainboard.effects import ReadRuns
from trainboard.events import PollDue, RunReported
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


SOURCE = "azureml:/subscriptions/s/workspaces/ws"
READING = Door(name="azure-ml/ws", project="churn", polled=True, reads=SOURCE)
EVENTS = Door(name="event-grid/ws", project="churn")


def told_by(door, source=SOURCE):
    return RunReported(door=door.name, report=structs.replace(run("r1"), source=source))


def test_whoever_tells_of_a_run_hints_at_what_can_be_read_of_it():
    """The tracker is read at once, with what the teller does not know."""
    read = FakeRead(doors=(READING, EVENTS, DOOR))
    assert [ReadRuns(door=READING.name)] == list(react(told_by(EVENTS), read))


@pytest.mark.parametrize(
    ("event", "doors"),
    [
        (told_by(READING), (READING, EVENTS)),
        (told_by(EVENTS, "azureml:/subscriptions/s/workspaces/other"), (READING, EVENTS)),
        (told_by(EVENTS), (structs.replace(READING, project="fraud"), EVENTS)),
        (told_by(EVENTS), (READING,)),
    ],
)
def test_nothing_is_read_for_what_is_no_hint(event, doors):
    """What a reading found itself, what nobody reads, and runs of another project or of no source of ours."""
    assert [] == list(react(event, FakeRead(doors=doors)))
