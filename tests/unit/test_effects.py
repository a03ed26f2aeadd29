"""Effects are values that survive being written, each with one who makes it true."""

from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.code import finished_run
from fakes.values import structs
from trainboard import applying, effects
from trainboard.approvals import Person
from trainboard.comments import Hint
from trainboard.effects import (
    AdoptPlan,
    AnnounceApproval,
    AnswerComment,
    AskRefactoring,
    CarryExperimentItem,
    DecideApproval,
    EditItem,
    Effect,
    EndExperiment,
    EndIteration,
    EnsureAlertItem,
    EnsureExperimentItem,
    EnsureIteration,
    EnsureMention,
    EnsureOnBoard,
    EnsurePullRequestStatus,
    EnsureQueuedGate,
    EnsureRefactoring,
    EnsureReport,
    FindComments,
    FindContained,
    FindPlans,
    FindVersion,
    FreezeReport,
    KeepHooks,
    MakePart,
    ObeyComment,
    ReadAlerts,
    ReadChanges,
    ReadModelTags,
    ReadPipelineRun,
    ReadPlan,
    ReadResults,
    ReadRun,
    ReadRuns,
    ReadSprints,
    RecoverDeliveries,
    RemoveOldRows,
    ReviewNotebooks,
    ShowGoal,
    StartPipeline,
    SuggestPlan,
    TellMilestones,
)
from trainboard.effects.comments import ItemEdit
from trainboard.fingerprints import fingerprint
from trainboard.pull_requests import AwaitedApproval
from trainboard.triggers import Argument, Origin

KINDS = get_args(Effect)
HINT = Hint(
    origin=Origin(place="github:acme/churn", ref="7", is_pull_request=True),
    comment="100",
    at=datetime(2026, 11, 18, tzinfo=UTC),
    lines=("label data",),
)
EXAMPLES = [
    (EnsureIteration(project="churn", number=2), "iteration:churn/2", "ensure-iteration:churn/2", False),
    (
        EnsureOnBoard(project="churn", ref="7", state="doing", sprint=2),
        "board:churn/7",
        "ensure-on-board:churn/7",
        False,
    ),
    (
        EnsureExperimentItem(project="churn", experiment="xgb", number=2),
        "experiment:churn/xgb",
        "ensure-experiment:churn/2/xgb",
        True,
    ),
    (
        TellMilestones(project="churn", experiment="xgb", number=2),
        "experiment:churn/xgb",
        "tell-milestones:churn/2/xgb",
        True,
    ),
    (
        CarryExperimentItem(project="churn", experiment="xgb", origin=1, number=2),
        "experiment:churn/xgb",
        "carry-experiment:churn/1>2/xgb",
        False,
    ),
    (
        EndExperiment(project="churn", experiment="xgb", number=2),
        "experiment:churn/xgb",
        "end-experiment:churn/2/xgb",
        False,
    ),
    (FindPlans(project="churn"), "find-plans:churn", "find-plans:churn", False),
    (ReadPlan(project="churn", ref="7"), "plan:churn#7", "read-plan:churn#7", False),
    (
        AdoptPlan(
            project="churn",
            experiment="xgb",
            number=2,
            ref="7",
            by="ana",
            at=datetime(2026, 11, 18, tzinfo=UTC),
        ),
        "experiment:churn/xgb",
        "adopt-plan:churn#7",
        False,
    ),
    (EndIteration(project="churn", number=1), "end-iteration:churn/1", "end-iteration:churn/1", False),
    (ShowGoal(project="churn", number=1), "goal:churn/1", "show-goal:churn/1", False),
    (
        SuggestPlan(project="churn", number=2, origin=HINT.origin, asked="a"),
        "plan:a",
        "suggest-plan:a",
        False,
    ),
    (
        EnsureMention(project="churn", experiment="xgb", number=2, pull_request=7),
        "description:churn/7",
        "ensure-mention:churn/7/2/xgb",
        False,
    ),
    (
        EnsurePullRequestStatus(project="churn", code="github:acme/churn", pull_request=7),
        "pull-request:github:acme/churn#7",
        "ensure-pull-request-status:github:acme/churn#7",
        True,
    ),
    (
        EnsureQueuedGate(project="churn", code="github:acme/churn", pull_request=7, commit="abc"),
        "pull-request:github:acme/churn#7",
        "ensure-queued-gate:github:acme/churn#7@abc",
        False,
    ),
    (
        StartPipeline(
            project="churn",
            pipeline="retrain",
            origin=Origin(place="local:churn", ref="1"),
            by="ana",
            asked="comment/5/0",
            at=datetime(2026, 11, 18, tzinfo=UTC),
            arguments=(Argument("dry_run", True), Argument("rate", 0.1)),
        ),
        "start:churn/comment/5/0",
        "start-pipeline:churn/comment/5/0",
        False,
    ),
    (
        ReviewNotebooks(project="churn", code="github:acme/churn", pull_request=7),
        "notebooks:github:acme/churn#7",
        "review-notebooks:github:acme/churn#7",
        True,
    ),
    (
        FindVersion(door="azure-ml/ws", model="fraud", version="7"),
        "versions:azure-ml/ws",
        "find-version:azure-ml/ws/fraud:7",
        False,
    ),
    (ReadRun(door="mlflow/prod", run="a1"), "reader:mlflow/prod/a1", "read-run:mlflow/prod/a1", True),
    (ReadRuns(door="mlflow/prod"), "reader:mlflow/prod", "read-runs:mlflow/prod/new", False),
    (
        ReadPipelineRun(pipelines="azure-pipelines:acme", project="p", run=7),
        "pipeline-run:azure-pipelines:acme#7",
        "read-pipeline-run:azure-pipelines:acme#7",
        True,
    ),
    (
        ReadPipelineRun(
            pipelines="azure-pipelines:acme", project="p", run=7, approval=AwaitedApproval(ref="a")
        ),
        "pipeline-run:azure-pipelines:acme#7",
        "read-pipeline-run:azure-pipelines:acme#7/a",
        True,
    ),
    (
        ReadResults(project="churn", run=finished_run(attempt=2)),
        "results:github:acme/churn/github-actions/1",
        "read-results:github:acme/churn/github-actions/1#1/2",
        True,
    ),
    (
        DecideApproval(
            project="churn",
            code="github:acme/churn",
            approval="17/4",
            verdict="approved",
            person=Person(id="1", name="ada"),
            origin=Origin(place="github:acme/churn", ref="7", is_pull_request=True),
            asked="comment-1",
            at=datetime(2026, 11, 18, tzinfo=UTC),
            head="abc",
        ),
        "approval:github:acme/churn/17/4",
        "decide-approval:github:acme/churn/17/4/comment-1",
        False,
    ),
    (
        ObeyComment(project="churn", hint=HINT),
        "obey:github:acme/churn#7",
        f"obey-comment:github:acme/churn#7/100/{fingerprint('label data')}",
        False,
    ),
    (
        AnswerComment(project="churn", origin=HINT.origin, comment="100"),
        "answer:github:acme/churn#7/100",
        "answer-comment:github:acme/churn#7/100",
        False,
    ),
    (
        MakePart(project="churn", origin=HINT.origin, asked="comment-1", place=0, title="Train"),
        "edit:github:acme/churn#7",
        "make-part:comment-1/0",
        False,
    ),
    (
        AskRefactoring(
            project="churn", code="github:acme/Churn", path="a.ipynb", asked="c", pull_request=7, number=2
        ),
        f"refactoring:churn/{fingerprint('github:acme/churn', 'a.ipynb')}",
        "ask-refactoring:c",
        False,
    ),
    (
        EnsureRefactoring(project="churn", code="github:acme/churn", path="a.ipynb"),
        f"refactoring:churn/{fingerprint('github:acme/churn', 'a.ipynb')}",
        f"ensure-refactoring:churn/{fingerprint('github:acme/churn', 'a.ipynb')}",
        True,
    ),
    (
        FindComments(place="github:acme/churn"),
        "find-comments:github:acme/churn",
        "find-comments:github:acme/churn",
        False,
    ),
    (
        EditItem(project="churn", origin=HINT.origin, asked="comment-1", edit=ItemEdit(sprint=None)),
        "edit:github:acme/churn#7",
        "edit-item:comment-1",
        False,
    ),
    (
        AnnounceApproval(
            project="churn", experiment="xgb", number=2, code="github:acme/churn", approval="17/4"
        ),
        "announce:github:acme/churn/17/4",
        "announce-approval:github:acme/churn/17/4/churn/2/xgb",
        False,
    ),
    (
        EnsureAlertItem(project="churn", problem="alert:one"),
        "alert:alert:one",
        "ensure-alert-item:alert:one",
        False,
    ),
    (
        ReadAlerts(door="alertmanager/prod"),
        "reader:alertmanager/prod",
        "read-alerts:alertmanager/prod",
        False,
    ),
    (
        FindContained(project="churn", code="github:acme/churn", within="abc"),
        "contained:github:acme/churn",
        "find-contained:github:acme/churn@abc",
        False,
    ),
    (
        EnsureReport(
            project="churn",
            number=2,
            report="sprint",
            period="end",
            target="slack:env:CHAT",
            at=datetime(2026, 11, 18, tzinfo=UTC),
        ),
        "report:churn/slack:env:CHAT",
        "ensure-report:churn/2/sprint/end/slack:env:CHAT",
        False,
    ),
    (FreezeReport(project="churn", number=2), "freeze:churn", "freeze-report:churn/2", False),
    (RecoverDeliveries(source="github"), "recovery:github", "recover-deliveries:github", False),
    (KeepHooks(source="azure-devops"), "recovery:azure-devops", "keep-hooks:azure-devops", False),
    (ReadSprints(project="churn"), "history:churn", "read-sprints:churn", False),
    (ReadChanges(project="churn"), "history:churn", "read-changes:churn", True),
    (ReadModelTags(project="churn"), "model-tags:churn", "read-model-tags:churn", False),
    (RemoveOldRows(), "removal", "remove-old-rows", False),
    (ReadRuns(door="mlflow/prod", full=True), "reader:mlflow/prod", "read-runs:mlflow/prod/full", False),
]


@settings(max_examples=60)
@given(st.one_of(*map(structs, KINDS)))
def test_an_effect_is_the_same_after_it_was_stored(effect):
    """What is applied is what was asked for."""
    assert effect == effects.decode(effects.encode(effect))


@pytest.mark.parametrize(("effect", "mailbox", "key", "paced"), EXAMPLES)
def test_mailbox_key_and_pace(effect, mailbox, key, paced):
    """One experiment is worked on serially; its edits fold and are paced, what is made is neither."""
    assert (mailbox, key, paced) == (effect.mailbox, effect.key, effect.paced)


def test_every_kind_has_an_example():
    """A new effect says here where it is worked on."""
    assert set(KINDS) == {type(effect) for effect, *_ in EXAMPLES}


def test_every_effect_has_one_applier():
    """None is without, none has two, and nobody applies what is no effect."""
    modules = [import_module(f"{applying.__name__}.{info.name}") for info in iter_modules(applying.__path__)]
    applied = [module.APPLIES for module in modules if hasattr(module, "APPLIES")]

    assert sorted(kind.__name__ for kind in KINDS) == sorted(kind.__name__ for kind in applied)
    assert set(KINDS) == applying._appliers().keys()
