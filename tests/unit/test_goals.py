"""What a sprint is for, and what came of it."""

from datetime import timedelta

from fakes.read import NOW
from trainboard.goals import Goal, GoalSaid, find_goal


def said(word, text="", *, hours=0, number=1, by="ana"):
    return GoalSaid(number=number, word=word, text=text, by=by, at=NOW + timedelta(hours=hours))


LATER = NOW + timedelta(days=1)


def test_the_last_goal_holds():
    """Those of other sprints are no matter."""
    told = [
        said("goal", "Serve it"),
        said("goal", "Train it", hours=1, by="ben"),
        said("goal", "x", number=2),
    ]
    assert Goal(text="Train it", by="ben", at=NOW + timedelta(hours=1)) == find_goal(told, 1, LATER)


def test_a_goal_that_nobody_set_is_none():
    """Also where somebody judged it."""
    assert None is find_goal([], 1, LATER)
    assert None is find_goal([said("met")], 1, LATER)


def test_the_last_judgement_holds():
    """With whose it is and why."""
    told = [said("goal", "Serve it"), said("met", hours=1), said("missed", "it was down", hours=2, by="ben")]
    found = find_goal(told, 1, LATER)
    assert ("missed", "it was down", "ben") == (found.judgement, found.reason, found.judged_by)


def test_another_goal_is_not_judged_yet():
    """The judgement was of the one before."""
    told = [said("goal", "Serve it"), said("met", hours=1), said("goal", "Train it", hours=2)]
    assert (None, "") == (find_goal(told, 1, LATER).judgement, find_goal(told, 1, LATER).reason)


def test_what_is_said_later_is_not_looked_at():
    """A report of then says what was known then; what was heard late counts where it was said."""
    told = [said("met", hours=3), said("goal", "Serve it")]
    assert None is find_goal(told, 1, NOW + timedelta(hours=2)).judgement
    assert "met" == find_goal(told, 1, NOW + timedelta(hours=3)).judgement
