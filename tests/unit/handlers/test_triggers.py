"""A run that somebody asked for is told of."""

from msgspec.structs import replace

from fakes.code import check
from fakes.pipelines import WHOLE, trigger
from fakes.read import FakeRead, item
from trainboard.effects import EnsureExperimentItem, EnsurePullRequestStatus
from trainboard.events import CheckReported
from trainboard.facts import FollowTrigger
from trainboard.handlers.triggers import react
from trainboard.triggers import Origin


def reacts(told, **known):
    return list(react(CheckReported(check=told), FakeRead(**known)))


def test_it_is_followed_on_its_work_item():
    """And shown there."""
    shown = EnsureExperimentItem(project="churn", experiment="churn-xgb", number=1)
    assert [FollowTrigger(check=WHOLE), shown] == reacts(WHOLE, triggers=[trigger()], items=[item()])


def test_it_is_followed_on_its_pull_request():
    """And shown there."""
    origin = Origin(place="github:acme/churn", ref="7", is_pull_request=True)
    shown = EnsurePullRequestStatus(project="churn", code="github:acme/churn", pull_request=7)
    assert [FollowTrigger(check=WHOLE), shown] == reacts(WHOLE, triggers=[trigger(origin=origin)])


def test_a_work_item_that_is_not_ours_shows_nothing():
    """Neither does one that is gone; it is known all the same."""
    for items in ([], [item(state="gone")]):
        assert [FollowTrigger(check=WHOLE)] == reacts(WHOLE, triggers=[trigger()], items=items)


def test_on_a_bug_it_is_followed_where_its_model_was_made():
    """A retraining against an alert is a part of the experiment."""
    shown = EnsureExperimentItem(project="churn", experiment="churn-xgb", number=1)
    asked = trigger(origin=Origin(place="local:churn", ref="9", is_pull_request=False))
    known = {("local:churn", "9"): item()}
    assert [FollowTrigger(check=WHOLE), shown] == reacts(WHOLE, triggers=[asked], bugs=known)


def test_what_is_known_is_not_shown_again():
    """The same news twice."""
    known = trigger().follow(WHOLE)
    assert [FollowTrigger(check=WHOLE)] == reacts(WHOLE, triggers=[known], items=[item()])


def test_runs_of_others_are_nothing_to_us():
    """Nor are single checks of a run."""
    assert [] == reacts(replace(WHOLE, run=8), triggers=[trigger()])
    assert [] == reacts(check(run=7), triggers=[trigger()])
