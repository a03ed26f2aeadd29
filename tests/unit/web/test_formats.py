"""Times and addresses as they stand on the pages."""

from datetime import date, timedelta

import pytest

from fakes.board import NOW
from trainboard.web.formats import ago, days, iso, length, web_url


@pytest.mark.parametrize(
    ("gone_by", "expected"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5, seconds=59), "5 min ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_the_past_is_told_in_its_largest_unit(gone_by, expected):
    """Rounded down; clocks that differ make no future."""
    assert ago(NOW - gone_by, NOW) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 11, 9), date(2026, 11, 22), "9 - 22 Nov 2026"),
        (date(2026, 11, 30), date(2026, 12, 13), "30 Nov - 13 Dec 2026"),
        (date(2026, 12, 28), date(2027, 1, 10), "28 Dec 2026 - 10 Jan 2027"),
    ],
)
def test_what_two_days_share_is_said_once(start, end, expected):
    """Month and year."""
    assert days(start, end).replace("\N{EN DASH}", "-") == expected


def test_machines_get_utc():
    """In the form of HTML's time element."""
    assert iso(NOW) == "2026-03-04T12:00:00Z"


@pytest.mark.parametrize("url", ["https://a.example/x?y#z", "http://localhost:5000"])
def test_web_addresses_are_linked(url):
    """As they are."""
    assert web_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example",
        "https://",
        "https://me:pw@a.example",
        "http://[::1",
        "https://a.example/" + "x" * 2048,
    ],
)
def test_other_addresses_are_not(url):
    """They stay text."""
    assert web_url(url) is None


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0, "0 min"), (0.5, "30 min"), (1, "1.0 h"), (47.9, "47.9 h"), (48, "2.0 days"), (250, "10.4 days")],
)
def test_lengths_of_time_are_short(hours, text):
    """One unit, the largest that tells something."""
    assert text == length(timedelta(hours=hours))


def test_an_unknown_length_of_time_is_none():
    """Nothing is made up."""
    assert length(None) == "n/a"
