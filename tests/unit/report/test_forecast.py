"""When work will be done."""

from datetime import date
from itertools import product

import pytest

from fakes.plans import POLICY
from trainboard.report.forecast import LEVELS, MOST_ITEMS, foresee

TODAY = date(2026, 11, 13)


def ask(remaining, history, *, sprints=5, days_left=0):
    return foresee(remaining, history, sprints, POLICY, TODAY, days_left=days_left)


def by_hand(remaining, history, percent):
    """The first day on which so many of all ways to go on have done it."""
    for days in range(12):
        ways = list(product(history, repeat=days))
        if sum(sum(way) >= remaining for way in ways) / len(ways) * 100 >= percent:
            return days
    return None


@pytest.mark.parametrize("history", [(0, 1), (1, 2, 0), (2, 2), (0, 0, 3)])
@pytest.mark.parametrize("remaining", [0, 1, 3])
def test_it_is_what_all_ways_to_go_on_come_to(remaining, history):
    """Counted out one by one."""
    found = {each.percent: each.days for each in ask(remaining, history).likely}
    expected = {percent: by_hand(remaining, history, percent) for percent in LEVELS}
    assert {p: n for p, n in expected.items() if n is not None} == {
        p: n for p, n in found.items() if expected[p] is not None
    }


def test_the_day_is_a_working_day():
    """Three working days after a Friday, of which one is a holiday, are a Thursday."""
    [first, *_] = ask(3, (1, 1)).likely
    assert (3, date(2026, 11, 19)) == (first.days, first.day)


def test_the_surer_the_fewer():
    """How many are done by the end: with 85 percent it is the lower number."""
    by_end = dict(ask(50, (0, 1, 2, 3), days_left=5).by_end)
    assert by_end[50] > by_end[85] > by_end[95] > 0
    assert {50: 0, 85: 0, 95: 0} == dict(ask(50, (0, 1), days_left=0).by_end)


@pytest.mark.parametrize(
    ("remaining", "history", "sprints", "reason"),
    [
        (3, (1, 2), 4, "needs 5 sprints that are over, and knows 4"),
        (3, (0, 0), 5, "nothing was done"),
        (MOST_ITEMS + 1, (1,), 5, "more than 2,000 items"),
    ],
)
def test_it_says_why_it_knows_nothing(remaining, history, sprints, reason):
    """Rather than a number that means nothing."""
    found = ask(remaining, history, sprints=sprints)
    assert ((), ()) == (found.likely, found.by_end)
    assert reason in found.reason
