"""What a sprint set out to do and what came of it; the worked example is in docs/reports.md."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fakes.plans import AFTER, SPRINT, day, happens, past, planned
from trainboard.report.scope import sum_up

WORKED = (
    planned("data", 5),
    planned("train", 8),
    planned("serve", 3),
    planned("tune", 2),
    planned("docs", None),
    planned("old", 5, state="done"),
    happens("data", day(3), state="done"),
    happens("train", day(4), 13),
    planned("bug", 1, at=day(5)),
    happens("bug", day(6), state="done"),
    happens("serve", day(7), sprint=2),
    happens("tune", day(8), state="cancelled"),
    planned("visitor", 8, at=day(9)),
    happens("visitor", day(10), sprint=None),
    happens("train", SPRINT.ends_at + timedelta(days=2), state="done"),
)


def names(part):
    return [each.item for each in part.items]


def test_the_worked_example():
    """Every figure was summed up by hand."""
    scope = sum_up(past(*WORKED), SPRINT, AFTER)
    assert (18, ["data", "docs", "serve", "train", "tune"]) == (
        scope.committed.points,
        names(scope.committed),
    )
    assert (1, ["bug"]) == (scope.added.points, names(scope.added))
    assert (5, ["serve", "tune"]) == (scope.removed.points, names(scope.removed))
    assert ["tune"] == names(scope.cancelled)
    assert 5 == scope.re_estimated
    assert (6, ["bug", "data"]) == (scope.completed.points, names(scope.completed))
    assert (13, ["docs", "train"]) == (scope.carried.points, names(scope.carried))
    assert ["train"] == names(scope.completed_late)
    assert (1, 1, 19) == (scope.churned, scope.unestimated, scope.final)


def test_a_sprint_that_goes_on_is_summed_up_as_it_stands():
    """What comes later is not known yet."""
    scope = sum_up(past(*WORKED), SPRINT, day(4, hour=13))
    assert day(4, hour=13) == scope.until
    assert (5, 13, 3 + 13 + 2) == (scope.completed.points, 13, scope.carried.points)
    assert ["docs", "serve", "train", "tune"] == names(scope.carried)
    assert [] == names(scope.completed_late)


def test_what_was_done_before_the_sprint_is_no_part_of_it():
    """Also if it was put into it; what was opened again counts as added."""
    assert 0 == sum_up(past(planned("old", 5, state="done")), SPRINT, AFTER).final
    again = past(
        planned("old", 5, state="done"),
        happens("old", day(2), state="open"),
        planned("late", 3, at=day(2), state="done"),
    )
    scope = sum_up(again, SPRINT, AFTER)
    assert ([], ["late"]) == (names(scope.committed), names(scope.completed))


def test_what_comes_within_the_grace_was_planned():
    """A team that plans on the first morning did not add all of it."""
    told = past(planned("1", 3, at=day(1, hour=10)))
    assert ["1"] == names(sum_up(told, SPRINT, AFTER).added)
    assert ["1"] == names(sum_up(told, SPRINT, AFTER, grace=timedelta(hours=12)).committed)


def test_an_empty_sprint_is_nothing():
    """And no error."""
    scope = sum_up(past(), SPRINT, AFTER)
    assert (0, 0, 0) == (scope.committed.points, scope.final, scope.churned)


said = st.fixed_dictionaries(
    {},
    optional={
        "points": st.none() | st.decimals(0, 100, places=2),
        "sprint": st.sampled_from([None, 1, 2]),
        "state": st.sampled_from(["open", "started", "done", "cancelled"]),
    },
)
told = st.builds(
    lambda item, hours, fields: happens(item, SPRINT.starts_at + timedelta(hours=hours), **fields),
    st.sampled_from("abcdef"),
    st.integers(-48, 14 * 24 + 48),
    said,
)


@given(st.lists(told, max_size=40), st.integers(-24, 15 * 24))
def test_what_was_planned_and_changed_is_what_came_of_it(happenings, hours):
    """For every sprint at every moment, in any order of what happens."""
    now = SPRINT.starts_at + timedelta(hours=max(1, hours))
    scope = sum_up(past(*happenings), SPRINT, now)
    left = scope.committed.points + scope.added.points + scope.re_estimated - scope.removed.points
    assert left == scope.final == scope.completed.points + scope.carried.points
    counted = scope.committed.count + scope.added.count - scope.removed.count
    assert counted == scope.completed.count + scope.carried.count
    assert isinstance(scope.final, Decimal)
