"""Numbers and moments in headers."""

from datetime import UTC, datetime

import pytest

from trainboard.budgets.headers import bounded, find_number, find_retry_after, find_seconds_until

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "number"), [("5", 5), ("0.25", 0.25), ("-1", -1), ("", None), ("soon", None), ("1e999", None)]
)
def test_numbers(text, number):
    """What is no finite number is none."""
    assert number == find_number({"x": text}, "x")
    assert find_number({}, "x") is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "Wed, 18 Nov 2026 10:02:00 GMT"}, 120),
        ({"retry-after": "Wed, 18 Nov 2026 10:02:00 GMT", "date": "Wed, 18 Nov 2026 10:01:50 GMT"}, 10),
        ({"retry-after": "Wed, 18 Nov 2026 10:02:00 GMT", "date": "today"}, 120),
        ({"retry-after": "later"}, None),
    ],
)
def test_retry_after(headers, seconds):
    """A number of seconds, or a date by the server's clock where it shows one."""
    assert seconds == find_retry_after(headers, NOW)


def test_unix_times():
    """They too are reckoned by the server's clock."""
    reset = str(int(NOW.timestamp()) + 300)
    assert [300, 240, None] == [
        find_seconds_until({"reset": reset}, "reset", NOW),
        find_seconds_until({"reset": reset, "date": "Wed, 18 Nov 2026 10:01:00 GMT"}, "reset", NOW),
        find_seconds_until({}, "reset", NOW),
    ]


def test_bounds():
    """A wait is a second at least and a day at most."""
    assert [1, 30, 86_400] == [bounded(each) for each in (-5, 30, 10**9)]
