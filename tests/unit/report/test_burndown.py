"""What was left at the end of each day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from fakes.plans import AFTER, POLICY, SPRINT, day, past
from trainboard.iterations import iteration, midnight_after
from trainboard.report.burndown import burn_down
from unit.report.test_scope import WORKED


def test_the_worked_example():
    """Eighteen points, of which the last line is what was carried; a day off is flat."""
    days = burn_down(past(*WORKED), SPRINT, POLICY, Decimal(18), AFTER)
    assert 14 == len(days)
    assert [18, 18, 13, 18, 19, 18, 15, 13, 21, 13, 13, 13, 13, 13] == [each.remaining for each in days]
    assert [0, 0, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6] == [each.completed for each in days]
    assert 19 == days[-1].scope
    works = [each.works for each in days]
    assert 9 == sum(works)
    assert [16, 14, 12, 10, 8, 8, 8, 6, 4, 4, 2, 0, 0, 0] == [each.ideal for each in days]


def test_what_is_not_over_tells_nothing():
    """But where the straight line goes."""
    days = burn_down(past(*WORKED), SPRINT, POLICY, Decimal(18), day(3, hour=23))
    assert [18, 18, None] == [each.remaining for each in days[:3]]
    assert all(each.ideal is not None for each in days)


def test_a_sprint_without_workdays_has_no_straight_line():
    """Nobody expects anything to be done."""
    idle = replace(POLICY, working_days=())
    days = burn_down(past(*WORKED), iteration(idle, 1), idle, Decimal(18), AFTER)
    assert {None} == {each.ideal for each in days}
    assert 13 == days[-1].remaining


def test_a_day_ends_when_the_local_day_does():
    """Also on those that have another number of hours."""
    ends = [midnight_after(date(2026, 10, number), "Europe/Berlin") for number in (24, 25, 26)]
    assert [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)] == ends[:2]
    assert [timedelta(hours=25), timedelta(hours=24)] == [ends[1] - ends[0], ends[2] - ends[1]]
