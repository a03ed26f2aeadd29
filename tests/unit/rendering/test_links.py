"""By whose word a pull request belongs to a work item."""

import pytest

from trainboard.item_links import Link, LinkSource
from trainboard.rendering.links import say_link


@pytest.mark.parametrize(
    ("source", "by", "expected"),
    [
        (LinkSource.WORDS, "", ""),
        (LinkSource.PERSON, "ada", "linked by ada"),
        (LinkSource.PERSON, "", "linked by somebody"),
        (LinkSource.PLATFORM, "", "linked on the work item"),
        (LinkSource.REVERT, "7", "pull request 7, which this one reverts, belongs to it"),
        (LinkSource.RUN, "", "its runs trained at a commit of this pull request"),
        (LinkSource.CHILD, "42", "it is above work item 42"),
    ],
)
def test_each_source_has_words(source, by, expected):
    """Except the pull request's own words, which everybody sees."""
    assert expected == say_link(Link(tracker="local:churn", ref="1", source=source, by=by))


def test_a_name_does_nothing():
    """Neither mentions anybody nor breaks the line."""
    said = say_link(Link(tracker="t", ref="1", source=LinkSource.PERSON, by="@ada\n# *x*" * 30))

    assert "\n" not in said
    assert "@ada" not in said
    assert len(said) < 300
