"""States that go with a browser to GitHub and come back."""

from datetime import timedelta

import pytest

from fakes.clock import FakeClock
from trainboard.registering.states import StateError, States


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def states(clock):
    return States(clock, timedelta(hours=1))


def refused(states, state):
    """The sentence."""
    with pytest.raises(StateError) as caught:
        states.take(state)
    return str(caught.value)


def test_each_is_taken_once(states):
    """The second time it is known, and refused."""
    state = states.issue()
    states.take(state)
    assert "This answer of GitHub was taken before. Begin again." == refused(states, state)


def test_no_two_are_alike(states):
    """Each has 32 random bytes."""
    made = {states.issue() for _ in range(100)}
    assert (100, {43}) == (len(made), {len(each) for each in made})


@pytest.mark.parametrize(("state", "said"), [("", "has no state"), ("forged", "that we never gave out")])
def test_what_we_never_gave_out(states, state, said):
    """Missing or made up."""
    states.issue()
    assert said in refused(states, state)


def test_it_expires(states, clock):
    """After an hour GitHub's code is worth nothing either, and it stays used up."""
    early, late = states.issue(), states.issue()
    clock.forward(minutes=60)
    states.take(early)
    clock.forward(seconds=1)
    assert "more than an hour ago" in refused(states, late)
    assert "taken before" in refused(states, late)


def test_it_is_given_back(states, clock):
    """Nothing came of it: it may come again, and is not younger for that."""
    state = states.issue()
    states.take(state)
    states.give_back(state)
    states.take(state)
    states.give_back(state)
    clock.forward(minutes=61)
    assert "more than an hour ago" in refused(states, state)


def test_what_was_not_taken_is_not_given_back(states):
    """Nobody makes a state by that."""
    states.give_back("forged")
    assert "never gave out" in refused(states, "forged")


def test_only_the_latest_are_remembered(states):
    """A page that is loaded again and again holds no memory."""
    first = states.issue()
    latest = [states.issue() for _ in range(16)]
    assert "never gave out" in refused(states, first)
    for state in latest:
        states.take(state)
