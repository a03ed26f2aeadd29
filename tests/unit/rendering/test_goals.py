"""A sprint's goal in words."""

import pytest

from fakes.hostile import LINES, list_harms
from fakes.read import NOW
from trainboard.goals import Goal
from trainboard.rendering.goals import say_goal


@pytest.mark.parametrize("text", LINES)
def test_a_goal_does_nothing(text):
    """Whatever stands in it, in the reason and in the name of the judge."""
    goal = Goal(text=text, by=text, at=NOW, judgement="met", reason=text, judged_by=text)
    assert [] == list_harms(say_goal(goal, is_over=True))


def test_a_judgement_needs_no_reason():
    """A goal of a sprint that goes on may be judged too."""
    goal = Goal(text="Serve it", by="ana", at=NOW, judgement="met", judged_by="ben")
    assert "Goal: Serve it (met, says ben)" == say_goal(goal, is_over=False)
