"""Numbers, counts and times as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from trainboard.rendering.numbers import count, minute, number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.93124, "0.9312"),
        (0.92 - 0.91, "0.01"),
        (1 / 3, "0.3333"),
        (-0.0, "0"),
        (50.0, "50"),
        (1234.56, "1,235"),
        (9999.6, "10,000"),
        (16777216.0, "16,780,000"),
        (-12345.6, "-12,350"),
        (1e-05, "1e-05"),
        (1e15, "1e+15"),
        (None, "n/a"),
        (float("nan"), "n/a"),
        (float("-inf"), "n/a"),
        (1.7976931348623157e308, "n/a"),
    ],
)
def test_four_significant_digits(value, expected):
    """Four digits count, thousands are set apart, and what is no number is said to be none."""
    assert expected == number(value)


def test_a_count_agrees_with_its_noun():
    """One is singular, all else plural."""
    assert ("0 runs", "1 run", "1,200 runs") == (count(0, "run"), count(1, "run"), count(1200, "run"))


def test_a_moment_is_told_in_utc():
    """Whatever zone it comes in."""
    moment = datetime(2026, 3, 4, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert ("2026-03-05 01:30", "n/a") == (minute(moment), minute(None))
    assert "2026-03-04 00:00" == minute(datetime(2026, 3, 4, tzinfo=UTC))
