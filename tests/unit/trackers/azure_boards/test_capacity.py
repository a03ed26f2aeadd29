"""How much a team means to work."""

from datetime import UTC, date, datetime

import pytest

from fakes.azure_devops.iterations import set_capacity
from trainboard.errors import MissingError
from trainboard.trackers.azure_boards.capacity import Absence, Capacity, Member

DAY_OFF = (date(2026, 1, 6), date(2026, 1, 6))
LEAVE = (date(2026, 1, 12), date(2026, 1, 16))


@pytest.fixture
def sprint(azure):
    days = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 18, tzinfo=UTC)
    return azure.person_adds_iteration("Churn", "Sprint 1", *days)


def test_hours_and_days_off(azure, tracker, sprint):
    """Each person's hours a day and days off are read, and those of the whole team, in two calls."""
    team = azure.projects["churn"].teams["churn ml"]
    set_capacity(team, sprint, azure.ana, 5.5, days_off=[LEAVE])
    team.days_off[sprint.identifier] = [DAY_OFF]
    wanted = Capacity(
        members=(
            Member(
                person="ana@acme.example",
                hours_per_day=5.5,
                absences=(Absence(first=date(2026, 1, 12), last=date(2026, 1, 16)),),
            ),
        ),
        absences=(Absence(first=date(2026, 1, 6), last=date(2026, 1, 6)),),
    )
    assert wanted == tracker.get_capacity(sprint.identifier)
    assert ["GET work.capacities", "GET work.daysOff"] == azure.calls()


def test_team_that_plans_no_hours(tracker, sprint):
    """A team without capacity has none, which is no failure."""
    assert Capacity() == tracker.get_capacity(sprint.identifier)


@pytest.mark.parametrize("ref", ["5f1d0c0a-8d52-4d7c-9b07-0f4b2f5e8a11", "..", "Sprint 1"])
def test_sprint_that_the_team_lacks(tracker, ref):
    """The capacity of a sprint that is not there is missing."""
    with pytest.raises(MissingError):
        tracker.get_capacity(ref)
