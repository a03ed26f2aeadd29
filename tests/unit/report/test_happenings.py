"""What happened to work items, replayed."""

from datetime import timedelta

from fakes.plans import day, happens, past, planned


def test_an_item_stands_as_it_was_told_last_before_the_moment():
    """The moment itself belongs to what comes after it."""
    known = past(planned("1", 3), happens("1", day(2), 5), happens("1", day(4), state="done"))
    assert 3 == known.stand_at(day(2))["1"].points
    assert 5 == known.stand_at(day(2) + timedelta(seconds=1))["1"].points
    assert {} == known.stand_at(day(-9))
    assert (5, "done", day(4)) == (
        (last := known.stand_at(day(9))["1"]).points,
        last.state,
        last.done_at,
    )


def test_the_order_in_which_it_is_heard_makes_no_difference():
    """Of two things told at one moment the later told counts."""
    told = [planned("1", 3), happens("1", day(2), 5, order=7), happens("1", day(2), 8, order=9)]
    assert 8 == past(*told).stand_at(day(3))["1"].points == past(*reversed(told)).stand_at(day(3))["1"].points


def test_an_item_that_is_opened_again_has_no_end():
    """Its first start stays; the second end counts from then on."""
    known = past(
        planned("1"),
        happens("1", day(2), state="started"),
        happens("1", day(3), state="done"),
        happens("1", day(4), state="open"),
        happens("1", day(6), state="done"),
        happens("1", day(7), state="done"),
    )
    assert day(3) == known.stand_at(day(4))["1"].done_at
    assert known.stand_at(day(5))["1"].done_at is None
    last = known.stand_at(day(9))["1"]
    assert (day(2), day(6)) == (last.started_at, last.done_at)


def test_what_was_not_told_stays():
    """And sprints are remembered in their order."""
    known = past(planned("1", 3, title="Try"), happens("1", day(2), sprint=2), happens("1", day(3), sprint=1))
    last = known.stand_at(day(9))["1"]
    assert ("Try", 3, 1, (1, 2)) == (last.title, last.points, last.sprint, last.sprints)
    assert (None, (1,)) == (
        (out := past(planned("1"), happens("1", day(2), sprint=None)).stand_at(day(9))["1"]).sprint,
        out.sprints,
    )
