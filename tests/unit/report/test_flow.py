"""How long work takes, and how much is done in a day."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from fakes.plans import AFTER, POLICY, SPRINT, day, happens, past, planned
from trainboard.percentiles import find_percentile
from trainboard.report.flow import add_working_days, count_by_day, measure

DONE = (
    planned("1", at=day(1)),
    happens("1", day(2), state="started"),
    happens("1", day(4), state="done"),
    planned("2", at=day(1)),
    happens("2", day(6), state="done"),
    planned("3", at=day(1)),
    happens("3", day(3), state="started"),
    planned("4", at=day(1)),
    happens("4", day(2), state="cancelled"),
)


def test_lead_is_from_the_first_word_and_cycle_from_the_first_start():
    """Of whose start nobody told has no cycle; what was given up counts nowhere."""
    found = measure(past(*DONE), SPRINT.starts_at, AFTER)
    assert (timedelta(days=3), timedelta(days=5)) == found.lead
    assert (timedelta(days=2),) == found.cycle
    assert ["3"] == [each.item for each in found.ageing]


def test_what_was_done_before_is_left_out():
    """The times are of the last ninety days, or whatever the caller asks for."""
    assert (timedelta(days=5),) == measure(past(*DONE), day(5), AFTER).lead


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ((), 50, None),
        ((3,), 95, 3),
        ((1, 2, 3, 4), 50, 2),
        ((1, 2, 3, 4), 85, 4),
        (tuple(range(1, 21)), 95, 19),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(values, percent, expected):
    """The nearest rank."""
    assert expected == find_percentile(values, percent)


def test_what_is_done_on_a_day_off_counts_for_the_next_working_day():
    """So that nothing is lost: the tenth is a Wednesday off, the sixth and seventh a weekend."""
    done = [
        told
        for item, number in (("1", 3), ("2", 6), ("3", 7), ("4", 10), ("5", 12))
        for told in (planned(item), happens(item, day(number), state="done"))
    ]
    counted = count_by_day(past(*done), POLICY, day(15), 10)
    assert [0, 0, 0, 1, 0, 0, 2, 0, 1, 1] == counted


def test_nobody_waits_for_a_day_that_never_comes():
    """A team without working days has no history and no end."""
    idle = replace(POLICY, working_days=())
    assert [] == count_by_day(past(*DONE), idle, day(15), 10)
    assert date(2026, 11, 9) < add_working_days(idle, date(2026, 11, 9), 1)
    assert date(2026, 11, 19) == add_working_days(POLICY, date(2026, 11, 13), 3)
