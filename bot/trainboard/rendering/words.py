"""Events, facts and effects in words, for people who ask what happened and why."""

from trainboard.effects import (
    CarryExperimentItem,
    Effect,
    EnsureExperimentItem,
    EnsureIteration,
    EnsureMention,
    EnsurePullRequestStatus,
    EnsureQueuedGate,
    KeepHooks,
    ReadPipelineRun,
    ReadResults,
    ReadRuns,
    RecoverDeliveries,
    RemoveOldRows,
)
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    Event,
    HooksDue,
    InstallationChanged,
    IterationChanged,
    LabelChanged,
    MergeQueued,
    ModelChanged,
    PipelineRunChanged,
    PipelineRunEnded,
    PollDue,
    PullRequestChanged,
    RecoveryDue,
    RemovalDue,
    RepositoryMoved,
    ResultsReported,
    RunReported,
    SilenceDue,
    SprintsDue,
    WorkItemChanged,
)
from trainboard.facts import (
    Fact,
    ForgetIteration,
    NameIteration,
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordModel,
    RecordPullRequest,
    RecordResults,
    RecordRun,
    RecordWorkItem,
)
from trainboard.pull_requests import Approval, Check, Deployment
from trainboard.results import FinishedRun

_SHORT = 10
"""Characters that a commit is known by."""


def say_event(event: Event) -> str:
    """What happened, as the rest of a sentence that begins with "because"."""
    match event:
        case RunReported():
            run = event.report.run
            said = f"run {run.id} of {event.report.experiment.name} was reported {run.status}"
        case ModelChanged():
            alias = f" {event.alias}" if event.alias else ""
            said = f"model {event.model} version {event.version or '?'}: {event.action}{alias}"
        case WorkItemChanged():
            then = f", {event.state} then" if event.state else ""
            said = f"{event.actor or 'somebody'} {event.action} #{event.ref} of {event.tracker}{then}"
        case IterationChanged():
            said = f'sprint {event.ref} of {event.tracker} was {event.action}, called "{event.name}"'
        case LabelChanged():
            said = f"label {event.name} of {event.tracker} was {event.action}"
        case RepositoryMoved():
            said = f"{event.old} was renamed: it is {event.new} now"
        case InstallationChanged():
            said = f"the App was {event.action} for {event.account}"
        case PollDue() | SprintsDue() | RecoveryDue() | RemovalDue() | HooksDue() | SilenceDue():
            said = _say_tick(event)
        case PipelineRunChanged() | PipelineRunEnded() | ResultsReported():
            said = _say_event_of_run(event)
        case _:
            said = _say_event_of_code(event)
    return said


def _say_event_of_code(
    event: PullRequestChanged | CheckReported | DeploymentReported | ApprovalReported | MergeQueued,
) -> str:
    match event:
        case PullRequestChanged():
            told = event.pull_request
            return f"pull request {told.number} of {told.code} was {event.action}, {told.state} then"
        case CheckReported():
            return f"{_name_check(event.check)} was reported {event.check.state}"
        case DeploymentReported():
            return f"{_name_deployment(event.deployment)} was reported {event.deployment.state}"
        case ApprovalReported():
            return f"{_name_approval(event.approval)} was reported {event.approval.state}"
        case MergeQueued():
            commit = event.commit[:_SHORT]
            return f"a merge queue tries pull request {event.number} of {event.code} as commit {commit}"


def _say_event_of_run(event: PipelineRunChanged | PipelineRunEnded | ResultsReported) -> str:
    match event:
        case PipelineRunChanged():
            return f"run {event.run} of {event.pipelines} changed"
        case PipelineRunEnded():
            return f"{_name_run(event.run)} ended"
        case ResultsReported():
            return f"{_name_run(event.results)} told what its tests found"


def say_fact(fact: Fact) -> str:
    """What is noted."""
    match fact:
        case RecordRun():
            run, experiment = fact.report.run, fact.report.experiment.name
            said = f"run {run.id} of {experiment} is {run.status}, sprint {fact.number}"
        case RecordModel():
            said = f"model {fact.model} version {fact.version} is known"
        case RecordWorkItem():
            said = f"#{fact.ref} of {fact.tracker} is {fact.state}"
        case ForgetIteration():
            said = f"sprint {fact.ref} is gone from {fact.tracker}"
        case NameIteration():
            said = f'sprint {fact.ref} of {fact.tracker} is called "{fact.name}"'
        case _:
            said = _say_fact_of_code(fact)
    return said


def _say_fact_of_code(
    fact: RecordPullRequest | RecordCheck | RecordDeployment | RecordApproval | RecordResults | RecordLinks,
) -> str:
    match fact:
        case RecordPullRequest():
            told = fact.pull_request
            return f"pull request {told.number} of {told.code} is {told.state}"
        case RecordCheck():
            return f"{_name_check(fact.check)} stands as {fact.check.state}"
        case RecordDeployment():
            return f"{_name_deployment(fact.deployment)} stands as {fact.deployment.state}"
        case RecordApproval():
            return f"{_name_approval(fact.approval)} stands as {fact.approval.state}"
        case RecordResults():
            return f"what the tests of {_name_run(fact.results)} found is known"
        case RecordLinks():
            items = ", ".join(f"#{ref}" for ref in fact.refs) or "nothing"
            return f"pull request {fact.number} of {fact.code} belongs to {items} of {fact.tracker}"


def say_effect(effect: Effect) -> str:
    """What shall be true."""
    match effect:
        case EnsureIteration():
            said = f"the tracker of {effect.project} has sprint {effect.number}"
        case EnsureExperimentItem():
            said = f"the work item of {effect.experiment} in sprint {effect.number} shows its runs"
        case CarryExperimentItem():
            whose = f"the work item of {effect.experiment}, if still open in sprint {effect.origin},"
            said = f"{whose} stands in sprint {effect.number}"
        case EnsureMention():
            pull_request = f"pull request {effect.pull_request} of {effect.project}"
            said = f"{pull_request} names the work item of {effect.experiment} in sprint {effect.number}"
        case EnsurePullRequestStatus():
            said = f"pull request {effect.pull_request} of {effect.code} shows what is known of it"
        case EnsureQueuedGate():
            pull_request = f"pull request {effect.pull_request} of {effect.code}"
            said = f"the metric gate of {pull_request} stands on commit {effect.commit[:_SHORT]} too"
        case _:
            said = _say_chore(effect)
    return said


def _say_chore(
    effect: ReadRuns | ReadPipelineRun | ReadResults | RecoverDeliveries | KeepHooks | RemoveOldRows,
) -> str:
    match effect:
        case ReadRuns():
            return f"{'all runs of the sprint' if effect.full else 'new runs'} of {effect.door} are here"
        case ReadPipelineRun():
            return f"what {effect.pipelines} know of run {effect.run} is here"
        case ReadResults():
            return f"what the tests of {_name_run(effect.run)} found is here"
        case RecoverDeliveries():
            return f"what {effect.source} sent and did not arrive is here"
        case KeepHooks():
            return f"the hooks of {effect.source} work, and what they did not tell is here"
        case RemoveOldRows():
            return "what is kept no longer is gone"


def _say_tick(event: PollDue | SprintsDue | RecoveryDue | HooksDue | SilenceDue | RemovalDue) -> str:
    match event:
        case PollDue():
            return f"it was time to look at {event.door}"
        case SprintsDue():
            return "it was time to look at the sprints"
        case RecoveryDue():
            return f"it was time to ask what {event.source} had sent"
        case HooksDue():
            return f"it was time to look at the hooks of {event.source}"
        case SilenceDue():
            return "it was time to look for checks without news"
        case RemovalDue():
            return "it was time to remove what is kept no longer"


def _name_check(check: Check) -> str:
    return f"check {check.name} of commit {check.commit[:_SHORT]} of {check.code}"


def _name_deployment(deployment: Deployment) -> str:
    commit = f"commit {deployment.commit[:_SHORT]}" if deployment.commit else "an unknown commit"
    return f"the deployment of {commit} of {deployment.code} to {deployment.environment}"


def _name_run(run: FinishedRun) -> str:
    return f"run {run.run} of {run.pipeline} on commit {run.commit[:_SHORT]} of {run.code}"


def _name_approval(approval: Approval) -> str:
    return f"approval {approval.ref} of {approval.code}"
