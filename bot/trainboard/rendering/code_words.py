"""What was told and noted of code and its pipelines, in words for people who ask what happened."""

from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    MergeQueued,
    PipelineRunChanged,
    PipelineRunEnded,
    PullRequestChanged,
    ResultsReported,
)
from trainboard.facts import (
    FollowTrigger,
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordPullRequest,
    RecordQueued,
    RecordResults,
    RecordWaiver,
)
from trainboard.pull_requests import Approval, Check, Deployment
from trainboard.results import FinishedRun

SHORT = 10
"""Characters that a commit is known by."""

EventOfCode = (
    PullRequestChanged
    | CheckReported
    | DeploymentReported
    | ApprovalReported
    | PipelineRunChanged
    | PipelineRunEnded
    | ResultsReported
    | MergeQueued
)
FactOfCode = (
    RecordPullRequest
    | RecordCheck
    | RecordDeployment
    | RecordApproval
    | RecordLinks
    | RecordQueued
    | RecordResults
    | RecordWaiver
    | FollowTrigger
)


def say_event_of_code(event: EventOfCode) -> str:
    """What happened, as the rest of a sentence that begins with "because"."""
    match event:
        case PullRequestChanged():
            told = event.pull_request
            return f"pull request {told.number} of {told.code} was {event.action}, {told.state} then"
        case CheckReported():
            return f"{name_check(event.check)} was reported {event.check.state}"
        case DeploymentReported():
            return f"{_name_deployment(event.deployment)} was reported {event.deployment.state}"
        case ApprovalReported():
            return f"{_name_approval(event.approval)} was reported {event.approval.state}"
        case PipelineRunChanged() | PipelineRunEnded() | ResultsReported():
            return _say_event_of_run(event)
        case MergeQueued():
            commit = event.commit[:SHORT]
            return f"a merge queue tries pull request {event.number} of {event.code} as commit {commit}"


def _say_event_of_run(event: PipelineRunChanged | PipelineRunEnded | ResultsReported) -> str:
    match event:
        case PipelineRunChanged():
            return f"run {event.run} of {event.pipelines} changed"
        case PipelineRunEnded():
            return f"{name_run(event.run)} ended"
        case ResultsReported():
            return f"{name_run(event.results)} told what its tests found"


def say_fact_of_code(fact: FactOfCode) -> str:
    """What is noted."""
    match fact:
        case RecordPullRequest():
            told = fact.pull_request
            return f"pull request {told.number} of {told.code} is {told.state}"
        case RecordCheck():
            return f"{name_check(fact.check)} stands as {fact.check.state}"
        case RecordDeployment():
            return f"{_name_deployment(fact.deployment)} stands as {fact.deployment.state}"
        case RecordApproval():
            return f"{_name_approval(fact.approval)} stands as {fact.approval.state}"
        case RecordResults() | RecordWaiver() | RecordQueued() | FollowTrigger():
            return _say_fact_of_commit(fact)
        case RecordLinks():
            items = ", ".join(f"#{ref}" for ref in fact.refs) or "nothing"
            return f"pull request {fact.number} of {fact.code} belongs to {items} of {fact.tracker}"


def _say_fact_of_commit(fact: RecordResults | RecordWaiver | RecordQueued | FollowTrigger) -> str:
    match fact:
        case RecordResults():
            return f"what the tests of {name_run(fact.results)} found is known"
        case FollowTrigger():
            return f"a run that somebody asked for: {name_check(fact.check)} stands as {fact.check.state}"
        case RecordQueued():
            return f"commit {fact.commit[:SHORT]} is a try of pull request {fact.number} of {fact.code}"
        case RecordWaiver():
            verb = "took back the waiver of" if fact.withdrawn else "waived"
            return f"{fact.by} {verb} the metric gate of commit {fact.commit[:SHORT]} of {fact.code}"


def name_check(check: Check) -> str:
    """Which check it is."""
    return f"check {check.name} of commit {check.commit[:SHORT]} of {check.code}"


def _name_deployment(deployment: Deployment) -> str:
    commit = f"commit {deployment.commit[:SHORT]}" if deployment.commit else "an unknown commit"
    return f"the deployment of {commit} of {deployment.code} to {deployment.environment}"


def _name_approval(approval: Approval) -> str:
    return f"approval {approval.ref} of {approval.code}"


def name_run(run: FinishedRun) -> str:
    """Which run of a pipeline it is."""
    return f"run {run.run} of {run.pipeline} on commit {run.commit[:SHORT]} of {run.code}"
