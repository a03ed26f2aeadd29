"""Events, facts and effects in words."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.values import structs
from trainboard.effects import CarryExperimentItem, Effect, Fact, ReadRuns
from trainboard.events import Event, PollDue
from trainboard.rendering.words import say_effect, say_event, say_fact


@pytest.mark.parametrize(
    ("kinds", "say"),
    [(Event, say_event), (Fact, say_fact), (Effect, say_effect)],
    ids=["event", "fact", "effect"],
)
def test_every_kind_has_words(kinds, say):
    """Whatever its fields hold."""

    @given(st.one_of(*map(structs, get_args(kinds))))
    def has_words(value):
        assert len(say(value).split()) > 1

    has_words()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (say_event(PollDue(door="mlflow/prod")), "it was time to look at mlflow/prod"),
        (
            say_effect(ReadRuns(door="mlflow/prod", full=True)),
            "all runs of the sprint of mlflow/prod are here",
        ),
        (
            say_effect(CarryExperimentItem(project="p", experiment="xgb", origin=1, number=2)),
            "the work item of xgb, if still open in sprint 1, stands in sprint 2",
        ),
    ],
)
def test_examples(said, words):
    """They are the rest of a sentence."""
    assert words == said
