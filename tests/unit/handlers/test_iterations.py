"""Sprints come and go."""

from datetime import timedelta

import msgspec
import pytest

from fakes.read import CHURN, NOW, FakeRead, item
from trainboard.effects import CarryExperimentItem, EndIteration, EnsureIteration
from trainboard.events import IterationChanged, SprintsDue
from trainboard.facts import ForgetIteration, NameIteration
from trainboard.handlers.iterations import react


def sprint(number, project="churn"):
    return EnsureIteration(project=project, number=number)


def tick(read):
    return list(react(SprintsDue(at=read.now), read))


def test_this_sprint_and_the_next_are_made():
    """The coming ones are there before they start."""
    assert [sprint(1), sprint(2)] == tick(FakeRead())


def test_as_many_are_made_ahead_as_the_project_says():
    """None ahead is allowed too."""
    far = msgspec.structs.replace(CHURN, create_ahead=3)
    near = msgspec.structs.replace(CHURN, name="near", create_ahead=0)

    expected = [sprint(1), sprint(2), sprint(3), sprint(4), sprint(1, "near")]
    assert expected == tick(FakeRead(projects=[far, near]))


def test_sprints_that_are_there_are_not_asked_for():
    """A tick on a quiet day asks for nothing."""
    assert [] == tick(FakeRead(iterations=[("churn", 1), ("churn", 2)]))


def test_open_items_of_ended_sprints_are_carried_into_this_one():
    """Closed ones and those of this sprint stay."""
    known = [
        item("churn-a", number=1),
        item("churn-b", number=0),
        item("churn-c", number=1, state="closed"),
        item("churn-d", number=2),
    ]
    read = FakeRead(now=NOW + timedelta(days=14), items=known, iterations=[("churn", 2)])

    def carry(experiment, origin):
        return CarryExperimentItem(project="churn", experiment=experiment, origin=origin, number=2)

    assert [sprint(3), carry("churn-a", 1), carry("churn-b", 0)] == tick(read)


def test_sprints_that_are_over_are_ended():
    """Before anything is carried from them; those that were closed are left alone."""
    read = FakeRead(
        now=NOW + timedelta(days=14),
        items=[item("churn-a", number=1)],
        iterations=[("churn", 2), ("churn", 3)],
        unclosed=[0, 1, 2],
    )
    ended = [EndIteration(project="churn", number=number) for number in (0, 1)]
    carried = CarryExperimentItem(project="churn", experiment="churn-a", origin=1, number=2)
    assert [*ended, carried] == tick(read)


def test_a_project_that_carries_nothing():
    """Its sprints are ended all the same."""
    read = FakeRead(
        now=NOW + timedelta(days=14),
        projects=[msgspec.structs.replace(CHURN, carry_over="none")],
        items=[item("churn-a", number=1)],
        iterations=[("churn", 2), ("churn", 3)],
        unclosed=[1],
    )
    assert [EndIteration(project="churn", number=1)] == tick(read)


@pytest.mark.parametrize("action", ["created", "edited", "opened", "closed"])
def test_a_sprint_is_called_what_people_call_it(action):
    """A renamed milestone is no reason to make another."""
    event = IterationChanged(tracker="github:acme/churn", ref="7", action=action, name="Autumn", at=NOW)

    assert [NameIteration(tracker="github:acme/churn", ref="7", name="Autumn", at=NOW)] == list(
        react(event, FakeRead())
    )


def test_a_deleted_sprint_is_forgotten():
    """It is made anew when it is needed."""
    event = IterationChanged(tracker="github:acme/churn", ref="7", action="deleted", name="Autumn", at=NOW)

    assert [ForgetIteration(tracker="github:acme/churn", ref="7")] == list(react(event, FakeRead()))
