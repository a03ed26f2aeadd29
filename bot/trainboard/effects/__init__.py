"""What shall be true. An effect names an end state and a key; applying it twice is applying it once.

It reaches outside; it is stored in the same transaction as the outcome of its delivery, and applied
afterwards. What is only to be known is a fact, in `facts.py`.
"""

from typing import get_args

import msgspec

from trainboard.effects.alerts import EnsureAlertItem, ReadAlerts
from trainboard.effects.approvals import AnnounceApproval, DecideApproval
from trainboard.effects.boards import EnsureOnBoard
from trainboard.effects.comments import AnswerComment, EditItem, FindComments, MakePart, ObeyComment
from trainboard.effects.experiments import (
    CarryExperimentItem,
    EndExperiment,
    EnsureExperimentItem,
    EnsureIteration,
    TellMilestones,
)
from trainboard.effects.plans import AdoptPlan, FindPlans, ReadPlan
from trainboard.effects.pull_requests import (
    EnsureMention,
    EnsurePullRequestStatus,
    EnsureQueuedGate,
    ReviewNotebooks,
)
from trainboard.effects.readings import (
    FindContained,
    FindVersion,
    KeepHooks,
    ReadChanges,
    ReadModelTags,
    ReadPipelineRun,
    ReadResults,
    ReadRun,
    ReadRuns,
    ReadSprints,
    RecoverDeliveries,
    RemoveOldRows,
)
from trainboard.effects.refactoring import AskRefactoring, EnsureRefactoring
from trainboard.effects.reports import EnsureReport, FreezeReport
from trainboard.effects.sprints import EndIteration, ShowGoal, SuggestPlan
from trainboard.effects.triggers import (
    StartPipeline,
)

__all__ = [
    "CHORES",
    "AdoptPlan",
    "AnnounceApproval",
    "AnswerComment",
    "AskRefactoring",
    "CarryExperimentItem",
    "DecideApproval",
    "EditItem",
    "Effect",
    "EndExperiment",
    "EndIteration",
    "EnsureAlertItem",
    "EnsureExperimentItem",
    "EnsureIteration",
    "EnsureMention",
    "EnsureOnBoard",
    "EnsurePullRequestStatus",
    "EnsureQueuedGate",
    "EnsureRefactoring",
    "EnsureReport",
    "FindComments",
    "FindContained",
    "FindPlans",
    "FindVersion",
    "FreezeReport",
    "KeepHooks",
    "MakePart",
    "ObeyComment",
    "ReadAlerts",
    "ReadChanges",
    "ReadModelTags",
    "ReadPipelineRun",
    "ReadPlan",
    "ReadResults",
    "ReadRun",
    "ReadRuns",
    "ReadSprints",
    "RecoverDeliveries",
    "RemoveOldRows",
    "ReviewNotebooks",
    "ShowGoal",
    "StartPipeline",
    "SuggestPlan",
    "TellMilestones",
    "decode",
    "encode",
]

Effect = (
    EnsureIteration
    | EnsureExperimentItem
    | CarryExperimentItem
    | EndExperiment
    | TellMilestones
    | FindPlans
    | ReadPlan
    | AdoptPlan
    | EndIteration
    | ShowGoal
    | SuggestPlan
    | EnsureOnBoard
    | EnsureMention
    | EnsurePullRequestStatus
    | EnsureQueuedGate
    | StartPipeline
    | DecideApproval
    | AnnounceApproval
    | ObeyComment
    | AnswerComment
    | FindComments
    | EditItem
    | MakePart
    | EnsureAlertItem
    | ReadAlerts
    | ReviewNotebooks
    | AskRefactoring
    | EnsureRefactoring
    | EnsureReport
    | FreezeReport
    | ReadRuns
    | ReadRun
    | ReadPipelineRun
    | ReadResults
    | FindContained
    | FindVersion
    | RecoverDeliveries
    | KeepHooks
    | ReadSprints
    | ReadChanges
    | ReadModelTags
    | RemoveOldRows
)

CHORES = tuple(kind.__name__ for kind in get_args(Effect) if kind.chore)
"""The kinds of effects that are chores."""


def encode(effect: Effect) -> str:
    """`effect` as JSON text."""
    return msgspec.json.encode(effect).decode()


def decode(text: str) -> Effect:
    """The effect that `encode` wrote."""
    return _DECODER.decode(text)


_DECODER: msgspec.json.Decoder[Effect] = msgspec.json.Decoder(Effect)
