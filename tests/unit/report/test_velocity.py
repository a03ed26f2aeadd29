"""How much a team completes, by its last sprints."""

from decimal import Decimal

import pytest

from trainboard.report.velocity import Ended, divide, measure


def ended(*completed, working_days=10):
    """Sprints that are over."""
    return [
        Ended(
            number=number,
            name=f"Sprint {number}",
            committed=Decimal(20),
            completed=Decimal(points),
            items=points,
            working_days=working_days,
        )
        for number, points in enumerate(completed, 1)
    ]


def test_the_means_are_of_the_last_sprints():
    """Of three and of six; the spread is that of a sample of six."""
    found = measure(ended(100, 10, 12, 14, 16, 18, 20))
    assert (Decimal("18.0"), Decimal("15.0"), Decimal("3.7")) == (
        found.mean_of_three,
        found.mean_of_six,
        found.spread,
    )
    assert [2, 3, 4, 5, 6, 7] == [each.number for each in found.sprints]


@pytest.mark.parametrize(
    ("completed", "expected"),
    [
        ((), (None, None, None)),
        ((5,), (None, None, None)),
        ((4, 5, 9), (Decimal("6.0"), None, Decimal("2.6"))),
    ],
)
def test_too_few_sprints_have_no_mean(completed, expected):
    """Which is another thing than a mean of nothing."""
    found = measure(ended(*completed))
    assert expected == (found.mean_of_three, found.mean_of_six, found.spread)


def test_a_short_sprint_does_not_look_weak():
    """Ten working days are the measure; a sprint of none has no rate."""
    assert Decimal("20.0") == ended(10, working_days=5)[0].per_ten_days
    assert ended(10, working_days=0)[0].per_ten_days is None
    assert Decimal("20.0") == measure(ended(10, 10, working_days=5)).per_ten_days
    assert measure(ended(10, working_days=0)).per_ten_days is None


def test_a_share_of_nothing_is_not_known():
    """Neither 0 nor 100 percent; halves are rounded up."""
    assert divide(Decimal(3), Decimal(0)) is None
    assert (Decimal("33.3"), Decimal("12.5"), Decimal("0.1")) == (
        divide(Decimal(1), Decimal(3)),
        divide(Decimal(1), Decimal(8)),
        divide(Decimal(1), Decimal(2000)),
    )
