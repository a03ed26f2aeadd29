"""Handlers are found by their folder, and each event goes to those that take it."""

from inspect import isfunction, signature
from typing import get_args

from fakes.read import NOW, FakeRead
from trainboard import handlers
from trainboard.effects import EnsureIteration, ReadRuns
from trainboard.events import Event, InstallationChanged, LabelChanged, PollDue, RepositoryMoved, SprintsDue
from trainboard.read import Read

ONLY_LOGGED = {LabelChanged, InstallationChanged, RepositoryMoved}


def test_every_event_is_handled_or_only_logged():
    """An event that no handler takes is one that asks for nothing."""
    assert set(get_args(Event)) == handlers._handlers().keys() | ONLY_LOGGED
    assert set() == handlers._handlers().keys() & ONLY_LOGGED


def test_an_event_goes_to_its_handler():
    """What comes out is what that handler asks for."""
    assert [ReadRuns(door="mlflow/prod")] == list(handlers.react(PollDue(door="mlflow/prod"), FakeRead()))
    sprints = [EnsureIteration(project="churn", number=number) for number in (1, 2)]
    assert sprints == list(handlers.react(SprintsDue(at=NOW), FakeRead()))


def test_an_event_that_nobody_takes_asks_for_nothing():
    """It stays in the log."""
    event = LabelChanged(tracker="github:acme/churn", action="deleted", name="tb:experiment")

    assert [] == list(handlers.react(event, FakeRead()))


def test_the_fake_answers_what_a_handler_may_ask():
    """By the same names, and nothing else."""
    asked = {name: member for name, member in vars(Read).items() if isfunction(member) and name[0] != "_"}
    faked = {name: member for name, member in vars(FakeRead).items() if isfunction(member) and name[0] != "_"}

    assert {name: list(signature(each).parameters) for name, each in asked.items()} == {
        name: list(signature(each).parameters) for name, each in faked.items()
    }
    assert NOW == FakeRead().now
