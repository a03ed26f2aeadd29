"""Events, facts and effects in words, for people who ask what happened and why."""

from trainboard.effects import (
    CarryExperimentItem,
    Effect,
    EnsureExperimentItem,
    EnsureIteration,
    EnsureMention,
    Fact,
    ForgetIteration,
    KeepHooks,
    NameIteration,
    ReadRuns,
    RecordModel,
    RecordRun,
    RecordWorkItem,
    RecoverDeliveries,
    RemoveOldRows,
)
from trainboard.events import (
    Event,
    HooksDue,
    InstallationChanged,
    IterationChanged,
    LabelChanged,
    ModelChanged,
    PollDue,
    RecoveryDue,
    RemovalDue,
    RunReported,
    SprintsDue,
    WorkItemChanged,
)


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
        case InstallationChanged():
            said = f"the App was {event.action} for {event.account}"
        case _:
            said = _say_tick(event)
    return said


def say_fact(fact: Fact) -> str:
    """What is noted."""
    match fact:
        case RecordRun():
            run, experiment = fact.report.run, fact.report.experiment.name
            return f"run {run.id} of {experiment} is {run.status}, sprint {fact.number}"
        case RecordModel():
            return f"model {fact.model} version {fact.version} is known"
        case RecordWorkItem():
            return f"#{fact.ref} of {fact.tracker} is {fact.state}"
        case ForgetIteration():
            return f"sprint {fact.ref} is gone from {fact.tracker}"
        case NameIteration():
            return f'sprint {fact.ref} of {fact.tracker} is called "{fact.name}"'


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
        case ReadRuns():
            said = f"{'all runs of the sprint' if effect.full else 'new runs'} of {effect.door} are here"
        case RecoverDeliveries():
            said = f"what {effect.source} sent and did not arrive is here"
        case KeepHooks():
            said = f"the hooks of {effect.source} work, and what they did not tell is here"
        case RemoveOldRows():
            said = "what is kept no longer is gone"
    return said


def _say_tick(event: PollDue | SprintsDue | RecoveryDue | HooksDue | RemovalDue) -> str:
    match event:
        case PollDue():
            return f"it was time to look at {event.door}"
        case SprintsDue():
            return "it was time to look at the sprints"
        case RecoveryDue():
            return f"it was time to ask what {event.source} had sent"
        case HooksDue():
            return f"it was time to look at the hooks of {event.source}"
        case RemovalDue():
            return "it was time to remove what is kept no longer"
