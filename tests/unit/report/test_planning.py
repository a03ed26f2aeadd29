"""What fits into the next sprint. Every figure is worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from fakes.hostile import LINES, list_harms
from fakes.plans import NEXT, POLICY, day
from trainboard.iterations import iteration
from trainboard.rendering.plan import render_plan
from trainboard.report.planning import Candidate, Known, suggest
from trainboard.report.velocity import Ended

ONE_A_DAY = [1] * 50


def ended(*completed, working_days=10):
    """Sprints that are over."""
    return [
        Ended(
            number=number,
            name=f"Sprint {number}",
            committed=Decimal(20),
            completed=Decimal(points),
            items=5,
            working_days=working_days,
        )
        for number, points in enumerate(completed, 1)
    ]


def candidate(item, points=None, *, place="backlog", since=1, **fields):
    """An open item that was made on that day."""
    size = None if points is None else Decimal(str(points))
    return Candidate(item=item, title=item, url="", place=place, since=day(since), points=size, **fields)


def plan(*candidates, known=None, policy=POLICY, number=2, capacity=None):
    """The suggestion for the second sprint, which has ten working days."""
    return suggest("churn", candidates, iteration(policy, number), policy, known or Known(), capacity)


def names(made):
    return [line.candidate.item for line in made.lines]


def test_what_is_left_comes_first_then_the_urgent_then_the_old():
    """Of what is left, what was carried most often; what is planned already has no other rights."""
    made = plan(
        candidate("old", since=1),
        candidate("urgent", since=9, priority=1),
        candidate("planned", since=5, place="planned"),
        candidate("left", since=9, place="left"),
        candidate("left twice", since=10, place="left", carries=2),
        candidate("less urgent", since=1, priority=3),
    )
    assert ["left twice", "left", "urgent", "less urgent", "old", "planned"] == names(made)


def test_the_same_rank_is_ordered_by_what_is_planned_and_then_by_name():
    """So that two looks show the same."""
    made = plan(candidate("b"), candidate("a"), candidate("c", place="planned"))
    assert ["c", "a", "b"] == names(made)


def test_the_mean_is_of_three_sprints_for_the_working_days_of_this_one():
    """20, 22 and 24 points in ten days each are 22; a sprint with two days off holds 22 * 8 / 10 = 17.6."""
    known = Known(ended=ended(1, 20, 22, 24))
    off = replace(POLICY, holidays=(date(2026, 11, 24), date(2026, 11, 25)))
    assert Decimal("22.0") == plan(known=known).basis.mean_of_three
    assert (8, Decimal("17.6")) == (
        plan(known=known, policy=off).basis.days,
        plan(known=known, policy=off).basis.mean_of_three,
    )


def test_a_short_sprint_does_not_look_weak():
    """8 points in 4 days and 20 in 10 are both 20 in ten days; the mean with 26 is 22."""
    known = Known(ended=[*ended(8, working_days=4), *ended(20, 26)])
    assert Decimal("22.0") == plan(known=known).basis.mean_of_three


def test_the_mean_of_six_stands_beside():
    """(10 + 12 + 14 + 16 + 18 + 20) / 6 = 15, and (16 + 18 + 20) / 3 = 18."""
    basis = plan(known=Known(ended=ended(10, 12, 14, 16, 18, 20))).basis
    assert (Decimal("18.0"), Decimal("15.0")) == (basis.mean_of_three, basis.mean_of_six)


def test_the_line_is_where_the_points_are_used_up():
    """10 of 22, 20 of 22, and 30 is too much; what comes after has no place, however small it is."""
    made = plan(
        *(candidate(str(n), points, since=n) for n, points in enumerate((10, 10, 10, 1), 1)),
        known=Known(ended=ended(20, 22, 24)),
    )
    assert [True, True, False, False] == [line.is_within_mean for line in made.lines]
    assert [10, 20, 30, 31] == [line.total for line in made.lines]


def test_the_surer_line_counts_items():
    """One item on each of ten days is certain; so is the tenth item, and not the eleventh."""
    made = plan(
        *(candidate(f"{n:02}", since=n) for n in range(1, 13)),
        known=Known(ended=ended(5, 5, 5, 5, 5), by_day=ONE_A_DAY),
    )
    assert (10, "") == (made.basis.sure, made.basis.reason)
    assert 10 * [True] + 2 * [False] == [line.is_sure for line in made.lines]


def test_a_short_backlog_does_not_make_the_team_slow():
    """Ten items are sure, also where two are open."""
    known = Known(ended=ended(5, 5, 5, 5, 5), by_day=ONE_A_DAY)
    assert 10 == plan(candidate("a"), candidate("b"), known=known).basis.sure
    assert 10 == plan(known=known).basis.sure


def test_what_is_sure_is_the_lower_number():
    """Nothing or two on a day alike: of two days, 4 with 25 %, 2 or more with 75 %, so 0 with 85 %."""
    short = replace(POLICY, length_days=2, first_start=date(2026, 11, 9))
    made = plan(
        *(candidate(f"{n}") for n in range(5)),
        known=Known(ended=ended(5, 5, 5, 5, 5), by_day=[0, 2] * 25),
        policy=short,
    )
    assert (2, 0) == (made.basis.days, made.basis.sure)


@pytest.mark.parametrize("sprints", [0, 2, 4])
def test_a_short_history_is_no_plan(sprints):
    """It says so, and measures by nothing that it does not know."""
    made = plan(
        candidate("a", 3), known=Known(ended=ended(*[20] * sprints), by_day=ONE_A_DAY if sprints else [])
    )
    [line] = made.lines
    assert f"needs 5 sprints that are over, and knows {sprints}" == made.basis.reason
    assert (None, None if sprints < 3 else True) == (line.is_sure, line.is_within_mean)
    said = render_plan(made)
    assert ("this is an order, and no more" in said) == (sprints < 3)
    assert "n/a" in said


def test_what_the_team_declares_shrinks_with_its_holidays():
    """30 points in ten days are 24 in eight."""
    off = replace(POLICY, holidays=(date(2026, 11, 24), date(2026, 11, 25)))
    made = plan(candidate("a", 24), candidate("b", 1), policy=off, capacity=30)
    assert Decimal("24.0") == made.basis.capacity
    assert [True, False] == [line.is_within_capacity for line in made.lines]
    assert "The team takes on 24 points." in render_plan(made)


def test_a_sprint_without_working_days_holds_nothing():
    """Zero days hold zero points, also of what was declared; and it is said why."""
    weekend = replace(
        POLICY, length_days=2, first_start=date(2026, 11, 14), working_days=("mon",), holidays=()
    )
    made = plan(
        candidate("a", 1),
        known=Known(ended=ended(20, 20, 20, 20, 20), by_day=ONE_A_DAY),
        policy=weekend,
        number=1,
        capacity=30,
    )
    assert (0, 0, 0, 0) == (
        made.basis.days,
        made.basis.mean_of_three,
        made.basis.sure,
        made.basis.capacity,
    )
    assert "Nobody works on any day of it, so nothing fits." in render_plan(made)


def test_what_nobody_estimated_is_told():
    """It counts nothing in points, and stands in the order all the same."""
    made = plan(candidate("a"), candidate("b", 3), known=Known(ended=ended(20, 20, 20)))
    assert (1, [0, 3]) == (made.unestimated, [line.total for line in made.lines])
    said = render_plan(made)
    assert "| no estimate |" in said
    assert "1 item without an estimate counts nothing in points." in said


def test_nothing_is_open():
    """That is said, and no table is shown."""
    said = render_plan(plan())
    assert "Nothing is open that could go into it." in said
    assert "|" not in said


def test_the_table_says_which_command_follows_it():
    """And that nothing was done."""
    said = render_plan(plan(candidate("a", 3, place="left", carries=2, priority=1)))
    assert "Sprint 2 of churn" in said
    assert "nothing was changed" in said
    assert "comment `/sprint next` on it" in said
    assert "| open from before, carried 2 times, priority 1, since 2026-11-09 |" in said


def test_a_long_backlog_is_cut():
    """Not in the middle of a row, and with how much is left."""
    said = render_plan(plan(*(candidate(f"{n:03}") for n in range(100))))
    assert "And 60 more." in said
    assert 42 == said.count("\n|") + said.startswith("|")


@pytest.mark.parametrize("words", LINES)
def test_titles_do_nothing(words):
    """Whatever other bots listen for."""
    hostile = replace(candidate("a"), title=words, url="https://tracker.example.com/1")
    made = plan(hostile)
    named = replace(made, project=words, sprint=replace(NEXT, name=words))
    assert [] == list_harms(render_plan(named))


def test_the_age_is_that_of_the_item():
    """The older of two equals is first."""
    assert ["old", "new"] == names(
        plan(candidate("new", since=9), replace(candidate("old"), since=day(1) - timedelta(days=400)))
    )
