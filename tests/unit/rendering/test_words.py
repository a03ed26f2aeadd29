"""Events, facts and effects in words."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.values import structs
from trainboard.effects import CarryExperimentItem, Effect, Fact, ReadPipelineRun, ReadRuns
from trainboard.events import Event, PollDue, WorkItemChanged
from trainboard.rendering.words import say_effect, say_event, say_fact

CHANGED = WorkItemChanged(
    tracker="azure-boards:acme",
    ref="7",
    action="edited",
    title="T",
    state=None,
    at=datetime(2026, 11, 18, tzinfo=UTC),
    actor="ada",
    by_bot=False,
)


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
            say_effect(ReadPipelineRun(pipelines="azure-pipelines:acme", project="p", run=7)),
            "what azure-pipelines:acme know of run 7 is here",
        ),
        (say_event(CHANGED), "ada edited #7 of azure-boards:acme"),
        (
            say_event(replace(CHANGED, actor="", state="closed")),
            "somebody edited #7 of azure-boards:acme, closed then",
        ),
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
