"""Names of work items in descriptions."""

import pytest

from trainboard.markers import Markers
from trainboard.rendering.mentions import ensure_mention

MARKERS = Markers(b"secret", "github:acme/churn")
KEY = "mention:" + "0" * 24


def ensure(body, mention="AB#12"):
    return ensure_mention(body, mention, MARKERS, KEY)


def test_the_name_is_added_below_what_people_wrote():
    """What people wrote stays to the letter; the name stands in the bot's own part."""
    assert "Fixes the leak.\r\n\n" + MARKERS.wrap(KEY, "AB#12") == ensure("Fixes the leak.\r\n")


def test_an_empty_description_gets_the_name():
    """There need not be any text."""
    assert MARKERS.wrap(KEY, "AB#12") == ensure("")


@pytest.mark.parametrize("body", ["AB#12", "See (ab#12).", "x", ""])
def test_twice_is_once(body):
    """Doing it again changes nothing."""
    assert ensure(body) == ensure(ensure(body))


def test_a_second_work_item_stands_beside_the_first():
    """Two experiments of one pull request are both named, one on a line."""
    both = ensure(ensure("x"), "AB#7")
    assert ("AB#12\nAB#7", "x\n\n") == (MARKERS.inside(both), both[:3])


@pytest.mark.parametrize("body", ["Closes AB#12", "ab#12", "[AB#12]", "AB#12, AB#13"])
def test_what_people_named_is_not_named_again(body):
    """A name that somebody wrote is as good as ours."""
    assert body == ensure(body)


@pytest.mark.parametrize(
    "body",
    ["AB#123", "XAB#12", "<!-- AB#12 -->", "<!-- AB#12", "```\nAB#12\n```", "`AB#12`", "AB 12", "#12"],
)
def test_what_is_not_read_as_a_name_is_none(body):
    """Other numbers, hidden text and code name nothing."""
    assert "AB#12" == MARKERS.inside(ensure(body))


@pytest.mark.parametrize("body", ["```", "text\n```\nopen", "<!-- open"])
def test_behind_code_that_does_not_end_it_is_written_once(body):
    """There no tracker reads it; writing it again and again would not help."""
    once = ensure_mention(body, "AB#12", MARKERS, KEY)
    assert once == ensure_mention(once, "AB#12", MARKERS, KEY)
