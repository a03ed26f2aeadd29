"""How alerts are dealt with, in numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from trainboard.alert_figures import AlertFigures, AlertHistory, Lengths, measure, sum_up
from trainboard.alert_life import Moment

SINCE = datetime(2026, 11, 9, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=14)


def at(hours):
    """So many hours after the beginning of the time."""
    return SINCE + timedelta(hours=hours)


def life(*moments, problem="alert:a"):
    """Moments of a problem: kind, hours, and the note and the generation where they matter."""
    return tuple(
        Moment(
            problem=problem,
            kind=kind,
            at=at(hours),
            note=more[0] if more else "",
            generation=more[1] if len(more) > 1 else 1,
        )
        for kind, hours, *more in moments
    )


def figures(*moments, told=0):
    """The figures of the time."""
    ordered = tuple(sorted(moments, key=lambda each: each.at))
    return measure(AlertHistory(since=SINCE, until=UNTIL, told=told, moments=ordered))


def lengths(*hours):
    """So many hours each, summed up."""
    return sum_up([timedelta(hours=each) for each in hours])


def test_of_nothing_there_are_no_figures():
    """Counts are 0, times are not known."""
    assert AlertFigures() == figures()
    assert Lengths(count=0, median=None, p90=None) == figures().resolve


def test_a_bug_is_measured_from_when_it_fires_to_its_end():
    """By the sender's moments where it names them, without the time for which the bug was held open."""
    told = figures(
        *life(
            ("began", 1.1, at(1).isoformat()),
            ("made", 1.2),
            ("touched", 2),
            ("over", 5.1, at(5).isoformat()),
            ("closed", 6, "resolved"),
        ),
        told=7,
    )

    assert told == AlertFigures(
        alerts=7,
        problems=1,
        bugs=1,
        closed=1,
        closed_as={"resolved": 1},
        acknowledge=lengths(1),
        resolve=lengths(4),
    )


def test_a_bug_that_a_person_closes_while_it_fires_ends_then():
    """Its alert may be over later."""
    told = figures(*life(("began", 1), ("made", 1), ("touched", 3), ("closed", 3, "done"), ("over", 9)))

    assert (lengths(2), lengths(2)) == (told.acknowledge, told.resolve)


@pytest.mark.parametrize("how", ["stale", "not planned"])
def test_an_end_that_nobody_told_has_no_length(how):
    """The bug is closed all the same."""
    told = figures(*life(("began", 1), ("made", 1), ("closed", 9, how)))

    assert ({how: 1}, Lengths()) == (told.closed_as, told.resolve)


def test_a_bug_that_was_opened_again_ends_with_its_last_end():
    """It counts once, from when it fired again."""
    told = figures(
        *life(
            ("began", 1),
            ("made", 1),
            ("over", 2),
            ("closed", 3, "resolved"),
            ("began", 100),
            ("reopened", 100),
            ("over", 105),
            ("closed", 106, "resolved"),
        )
    )

    assert (1, 1, 1, lengths(5)) == (told.bugs, told.reopened, told.closed, told.resolve)


def test_a_bug_that_is_opened_again_because_it_still_fires_fires_since_it_began():
    """Nothing began anew."""
    told = figures(
        *life(
            ("began", 1),
            ("made", 1),
            ("closed", 2, "done"),
            ("reopened", 4),
            ("over", 8),
            ("closed", 9, "resolved"),
        )
    )

    assert (1, lengths(7)) == (told.closed, told.resolve)


def test_a_bug_that_is_open_again_is_not_closed():
    """Whatever became of it before."""
    told = figures(*life(("began", 1), ("made", 1), ("closed", 2, "done"), ("reopened", 4)))

    assert (0, {}, Lengths()) == (told.closed, told.closed_as, told.resolve)


def test_a_successor_is_a_bug_of_its_own():
    """It fires since the alert came back, and is answered by itself."""
    told = figures(
        *life(
            ("began", 1),
            ("made", 1),
            ("touched", 2),
            ("over", 3),
            ("closed", 4, "resolved"),
            ("began", 200),
            ("renewed", 200, "", 2),
            ("made", 200, "", 2),
            ("touched", 203, "", 2),
        )
    )

    assert (2, 1, lengths(1, 3)) == (told.bugs, told.closed, told.acknowledge)


def test_an_answer_after_the_end_is_none():
    """Nobody had to be waited for."""
    told = figures(*life(("began", 1), ("made", 1), ("over", 2), ("closed", 3, "resolved"), ("touched", 4)))

    assert Lengths() == told.acknowledge


def test_a_storm_fires_since_its_first_problems_came():
    """Those that join it do not make it younger."""
    told = figures(
        *life(
            ("storm", 1, "6 problems"),
            ("made", 2),
            ("storm", 3, "2 problems"),
            ("closed", 9, "resolved"),
            problem="storm:a",
        )
    )

    assert (0, 1, lengths(8)) == (told.problems, told.bugs, told.resolve)


def test_the_time_is_half_open():
    """What is at its first moment counts, what is at the next one's does not."""
    before = life(("began", -9), ("made", -9), ("over", -1), ("closed", 0, "resolved"))
    after = life(("began", 14 * 24 - 1), ("made", 14 * 24), problem="alert:b")
    told = figures(*before, *after)

    assert (1, 0, 1, lengths(8)) == (told.problems, told.bugs, told.closed, told.resolve)


def test_a_life_whose_beginning_is_kept_no_longer_has_no_length():
    """It ends all the same."""
    told = figures(*life(("over", 1), ("closed", 2, "resolved")))

    assert (1, Lengths()) == (told.closed, told.resolve)


def test_a_sender_whose_clock_is_ahead_makes_no_negative_time():
    """It is 0 then."""
    told = figures(
        *life(("began", 2), ("made", 2), ("over", 3, at(1).isoformat()), ("closed", 3, "resolved"))
    )

    assert lengths(0) == told.resolve


@pytest.mark.parametrize(
    ("hours", "middle", "most"),
    [
        ((3,), 3, 3),
        ((1, 2), 1.5, 2),
        (range(1, 11), 5.5, 9),
        (range(1, 12), 6, 10),
        (range(1, 101), 50.5, 90),
    ],
)
def test_percentiles_are_by_nearest_rank(hours, middle, most):
    """The 90th is one of the lengths; the median is the mean of two in an even number."""
    summed = lengths(*reversed(hours))

    assert Lengths(count=len(hours), median=timedelta(hours=middle), p90=timedelta(hours=most)) == summed
