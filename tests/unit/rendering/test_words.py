"""Events, facts and effects in words."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.code import CODE, HEAD, check, deployment, move, pull_request, serving
from fakes.values import structs
from trainboard.effects import (
    CarryExperimentItem,
    Effect,
    FindVersion,
    ReadPipelineRun,
    ReadRun,
    ReadRuns,
    ReviewNotebooks,
)
from trainboard.events import (
    CheckReported,
    Event,
    ModelServed,
    PollDue,
    PullRequestChanged,
    SilenceDue,
    WorkItemChanged,
)
from trainboard.facts import (
    Fact,
    RecordAlias,
    RecordDeployment,
    RecordLinks,
)
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
        (say_event(SilenceDue()), "it was time to look for checks and deployments without news"),
        (
            say_effect(ReadPipelineRun(pipelines="azure-pipelines:acme", project="p", run=7)),
            "what azure-pipelines:acme know of run 7 is here",
        ),
        (
            say_event(ModelServed(door="runs", serving=serving())),
            (
                "the deployment of version 3 of model churn-xgb to endpoint churn-prod of azure-ml:acme "
                "was reported succeeded"
            ),
        ),
        (
            say_fact(RecordAlias(project="churn", move=move(None))),
            "alias champion of model churn-xgb pointed at nothing then",
        ),
        (
            say_effect(ReviewNotebooks(project="churn", code="github:acme/churn", pull_request=7)),
            "the notebooks of pull request 7 of github:acme/churn are looked at",
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
        (say_effect(ReadRun(door="mlflow/prod", run="a1")), "what mlflow/prod knows of run a1 is here"),
        (
            say_effect(FindVersion(door="azure-ml/ws", model="fraud", version="7")),
            "it is known which run made version 7 of model fraud",
        ),
        (
            say_effect(CarryExperimentItem(project="p", experiment="xgb", origin=1, number=2)),
            "the work item of xgb, if still open in sprint 1, stands in sprint 2",
        ),
        (
            say_event(PullRequestChanged(pull_request=pull_request(), action="opened")),
            "pull request 7 of github:acme/churn was opened, open then",
        ),
        (
            say_event(CheckReported(check=check())),
            "check lint of commit aaaaaaaaaa of github:acme/churn was reported running",
        ),
        (
            say_fact(RecordDeployment(deployment=deployment())),
            "the deployment of an unknown commit of github:acme/churn to production stands as running",
        ),
        (
            say_fact(RecordDeployment(deployment=deployment(commit=HEAD))),
            "the deployment of commit aaaaaaaaaa of github:acme/churn to production stands as running",
        ),
        (
            say_fact(RecordLinks(code=CODE, number=7, tracker="local:p", refs=("1", "2"), at=CHANGED.at)),
            "pull request 7 of github:acme/churn belongs to #1, #2 of local:p",
        ),
        (
            say_fact(RecordLinks(code=CODE, number=7, tracker="local:p", refs=(), at=CHANGED.at)),
            "pull request 7 of github:acme/churn belongs to nothing of local:p",
        ),
    ],
)
def test_examples(said, words):
    """They are the rest of a sentence."""
    assert words == said
