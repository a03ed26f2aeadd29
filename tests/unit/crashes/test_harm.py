"""What a death did is told by what there is after it."""

import pytest

from crashes import Crash, Harm, harm_of


def crash(**seen):
    return Crash(story="run_makes_item", at="", seen=seen, quiet_seconds=0.0)


UNHARMED = crash(items=["one", "two"], comments=["said"])


@pytest.mark.parametrize(
    ("seen", "harm"),
    [
        ({"items": ["one", "two"], "comments": ["said"]}, Harm()),
        ({"items": ["one"], "comments": ["said"]}, Harm(lost=1)),
        ({"items": ["one", "two"]}, Harm(lost=1)),
        ({"items": ["one", "two", "two"], "comments": ["said"]}, Harm(doubled=1)),
        ({"items": ["one", "two"], "comments": ["said"], "answers": ["yes"]}, Harm(doubled=1)),
        ({"items": ["one", "three"], "comments": ["said"]}, Harm(wrong=1)),
        ({"items": ["three"], "comments": ["said"]}, Harm(lost=1, wrong=1)),
    ],
)
def test_what_is_missing_surplus_or_different_is_counted(seen, harm):
    """Each thing once, by its kind."""
    assert harm == harm_of(crash(**seen), UNHARMED)
