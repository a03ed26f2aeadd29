"""How often work was carried over."""

from datetime import timedelta

from fakes.plans import NEXT, POLICY, SPRINT, day, happens, past, planned
from trainboard.iterations import iteration
from trainboard.report.carry import list_carried

THIRD = iteration(POLICY, 3)


def carried(*happenings, until=THIRD.ends_at):
    """The counts by item, in their order."""
    told = past(*happenings)
    found = list_carried(told, POLICY, told.stand_at(until).values(), until)
    return [(each.item.item, each.times) for each in found]


def test_what_was_open_at_the_end_of_a_sprint_was_carried():
    """Once for each end; the most often carried comes first."""
    told = (
        planned("once"),
        planned("twice"),
        happens("once", SPRINT.ends_at + timedelta(minutes=1), sprint=2),
        happens("twice", SPRINT.ends_at + timedelta(minutes=1), sprint=2),
        happens("once", day(20), state="done"),
        happens("twice", NEXT.ends_at + timedelta(minutes=1), sprint=3),
    )
    assert [("twice", 2), ("once", 1)] == carried(*told, until=THIRD.starts_at + timedelta(days=1))
    assert [("twice", 3), ("once", 1)] == carried(*told)


def test_what_people_move_before_the_end_was_not_carried():
    """Nor what was done or given up by then, nor what never was in a sprint."""
    assert [] == carried(
        planned("moved"),
        happens("moved", day(14, hour=23), sprint=4),
        planned("done"),
        happens("done", day(14, hour=23), state="done"),
        planned("dropped"),
        happens("dropped", day(3), state="cancelled"),
        happens("idea", day(1), sprint=None),
        happens("ahead", day(1), sprint=9),
    )


def test_the_moment_of_the_end_is_the_next_day():
    """What is moved at midnight was open when the sprint ended, a second earlier it was not."""
    at_midnight = (planned("late"), happens("late", SPRINT.ends_at, sprint=4))
    before = (planned("early"), happens("early", SPRINT.ends_at - timedelta(seconds=1), sprint=4))
    assert [("late", 1)] == carried(*at_midnight, *before)


def test_what_is_put_into_a_sprint_after_its_end_was_not_carried_from_it():
    """Nor is what was done there and opened again later."""
    assert [("reopened", 1)] == carried(
        happens("filed", day(16), sprint=1, state="open"),
        planned("reopened"),
        happens("reopened", day(10), state="done"),
        happens("reopened", day(16), sprint=2, state="open"),
        until=NEXT.ends_at,
    )


def test_a_sprint_that_goes_on_has_carried_nothing_yet():
    """It ends when it ends."""
    assert [] == carried(planned("open"), until=SPRINT.ends_at - timedelta(seconds=1))
    assert [("open", 1)] == carried(planned("open"), until=SPRINT.ends_at)


def test_an_item_that_is_moved_five_times_is_counted_where_it_stood():
    """Between the same two sprints, to and fro."""
    moves = [happens("x", day(2 + n), sprint=1 + n % 2) for n in range(5)]
    assert [("x", 1)] == carried(*moves, until=NEXT.starts_at)
    assert [("x", 1)] == carried(*moves, until=THIRD.ends_at)


def test_only_those_that_are_asked_about_are_counted():
    """All others are passed over."""
    told = past(planned("a"), planned("b"))
    [standing] = [each for each in told.stand_at(SPRINT.ends_at).values() if each.item == "b"]
    [found] = list_carried(told, POLICY, [standing], SPRINT.ends_at)
    assert ("b", False) == (found.item.item, found.is_often)
