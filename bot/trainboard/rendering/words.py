"""Events, facts and effects in words, for people who ask what happened and why."""

from collections.abc import Sequence

from trainboard.alerts import Alert
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
    FindPlans,
    FreezeReport,
    MakePart,
    ObeyComment,
    ReadPlan,
    ReviewNotebooks,
    ShowGoal,
    StartPipeline,
    SuggestPlan,
    TellMilestones,
)
from trainboard.events import (
    AlertsDue,
    AlertsListed,
    AlertsReported,
    CommandsGiven,
    CommentsDue,
    CommentWritten,
    Event,
    HistoryDue,
    HooksDue,
    InstallationChanged,
    IterationChanged,
    LabelChanged,
    ModelChanged,
    ModelServed,
    ParentChanged,
    PollDue,
    PullRequestLinked,
    RecoveryDue,
    RemovalDue,
    ReportsDue,
    RepositoryChanged,
    RepositoryMoved,
    RunReported,
    SilenceDue,
    SprintsDue,
    WorkItemChanged,
    WorkItemMoved,
)
from trainboard.facts import (
    AnswerProblem,
    ClaimReport,
    Fact,
    ForgetIteration,
    HearOfReport,
    MoveWorkItem,
    NameIteration,
    RecordAlerts,
    RecordAlias,
    RecordCommand,
    RecordGoal,
    RecordHappening,
    RecordLink,
    RecordModel,
    RecordParent,
    RecordPlanWord,
    RecordRepository,
    RecordRun,
    RecordServing,
    RecordStorm,
    RecordTouch,
    RecordWorkItem,
    TrackExperiment,
)
from trainboard.rendering.asking_words import say_effect_of_asking, say_event_of_asking, say_fact_of_asking
from trainboard.rendering.chore_words import say_chore
from trainboard.rendering.code_words import SHORT, say_event_of_code, say_fact_of_code
from trainboard.rendering.link_words import (
    say_event_of_links,
    say_fact_of_links,
)
from trainboard.rendering.report_words import say_effect_of_reports, say_fact_of_reports
from trainboard.serving import (
    Serving,
)


def say_event(event: Event) -> str:
    """What happened, as the rest of a sentence that begins with "because"."""
    match event:
        case RunReported():
            run = event.report.run
            said = f"run {run.id} of {event.report.experiment.name} was reported {run.status}"
        case ModelChanged() | ModelServed():
            said = _say_event_of_model(event)
        case WorkItemChanged():
            then = f", {event.state} then" if event.state else ""
            said = f"{event.actor or 'somebody'} {event.action} #{event.ref} of {event.tracker}{then}"
        case IterationChanged() | LabelChanged() | InstallationChanged():
            said = _say_event_of_tracker(event)
        case ParentChanged() | PullRequestLinked() | WorkItemMoved() | RepositoryChanged():
            said = say_event_of_links(event)
        case RepositoryMoved():
            said = f"{event.old} was renamed: it is {event.new} now"
        case AlertsReported() | AlertsListed() | AlertsDue():
            said = _say_event_of_alerts(event)
        case (
            PollDue()
            | SprintsDue()
            | RecoveryDue()
            | RemovalDue()
            | HooksDue()
            | SilenceDue()
            | HistoryDue()
            | ReportsDue()
        ):
            said = _say_tick(event)
        case CommentWritten() | CommandsGiven() | CommentsDue():
            said = say_event_of_asking(event)
        case _:
            said = say_event_of_code(event)
    return said


def _say_event_of_model(event: ModelChanged | ModelServed) -> str:
    if isinstance(event, ModelServed):
        return f"{_name_serving(event.serving)} was reported {event.serving.state}"
    alias = f" {event.alias}" if event.alias else ""
    return f"model {event.model} version {event.version or '?'}: {event.action}{alias}"


def _say_event_of_tracker(event: IterationChanged | LabelChanged | InstallationChanged) -> str:
    if isinstance(event, InstallationChanged):
        return f"the App was {event.action} for {event.account}"
    if isinstance(event, LabelChanged):
        return f"label {event.name} of {event.tracker} was {event.action}"
    return f'sprint {event.ref} of {event.tracker} was {event.action}, called "{event.name}"'


def say_fact(fact: Fact) -> str:
    """What is noted."""
    match fact:
        case RecordRun():
            run, experiment = fact.report.run, fact.report.experiment.name
            said = f"run {run.id} of {experiment} is {run.status}, sprint {fact.number}"
        case RecordModel() | RecordAlias() | RecordServing():
            said = _say_fact_of_model(fact)
        case RecordWorkItem() | RecordHappening():
            said = _say_fact_of_item(fact)
        case ForgetIteration():
            said = f"sprint {fact.ref} is gone from {fact.tracker}"
        case RecordLink() | RecordParent() | MoveWorkItem() | RecordRepository():
            said = say_fact_of_links(fact)
        case NameIteration():
            said = f'sprint {fact.ref} of {fact.tracker} is called "{fact.name}"'
        case RecordAlerts() | RecordStorm() | RecordTouch() | AnswerProblem():
            said = _say_fact_of_alerts(fact)
        case RecordCommand() | RecordGoal() | RecordPlanWord() | TrackExperiment():
            said = say_fact_of_asking(fact)
        case ClaimReport() | HearOfReport():
            said = say_fact_of_reports(fact)
        case _:
            said = say_fact_of_code(fact)
    return said


def _say_fact_of_item(fact: RecordWorkItem | RecordHappening) -> str:
    if isinstance(fact, RecordHappening):
        return f"what happened to #{fact.happening.item} of {fact.project} is in its history"
    return f"#{fact.ref} of {fact.tracker} is {fact.state}"


def _say_fact_of_model(fact: RecordModel | RecordAlias | RecordServing) -> str:
    match fact:
        case RecordModel():
            return f"model {fact.model} version {fact.version} is known"
        case RecordAlias(move=move):
            return f"alias {move.alias} of model {move.model} pointed at {move.version or 'nothing'} then"
        case RecordServing():
            return f"{_name_serving(fact.serving)} stands as {fact.serving.state}"


def _say_fact_of_alerts(fact: RecordAlerts | RecordStorm | RecordTouch | AnswerProblem) -> str:
    match fact:
        case RecordAlerts():
            return f"{_count_alerts(fact.alerts)} of {fact.rule or 'no rule'} are known"
        case RecordStorm():
            return f"{len(fact.members)} problems of {fact.rule or 'many rules'} are one storm"
        case RecordTouch():
            return f"#{fact.ref} of {fact.tracker} was changed by somebody"
        case AnswerProblem():
            until = f", and is left alone until {fact.quiet_until:%Y-%m-%d %H:%M}" if fact.quiet_until else ""
            return f"somebody looks at problem {fact.key}{until}"


def say_effect(effect: Effect) -> str:
    """What shall be true."""
    match effect:
        case EnsureIteration() | EndIteration() | ShowGoal() | SuggestPlan():
            said = _say_effect_of_sprint(effect)
        case (
            EnsureExperimentItem()
            | TellMilestones()
            | CarryExperimentItem()
            | EndExperiment()
            | EnsureOnBoard()
        ):
            said = _say_effect_of_item(effect)
        case EnsureReport() | FreezeReport():
            said = say_effect_of_reports(effect)
        case EnsureMention() | EnsurePullRequestStatus() | EnsureQueuedGate():
            said = _say_effect_of_code(effect)
        case (
            StartPipeline()
            | DecideApproval()
            | AnnounceApproval()
            | FindComments()
            | FindPlans()
            | ReadPlan()
            | AdoptPlan()
            | ObeyComment()
            | AnswerComment()
            | EditItem()
            | MakePart()
        ):
            said = say_effect_of_asking(effect)
        case EnsureAlertItem():
            said = f"the bug of problem {effect.problem} stands as the problem does"
        case ReviewNotebooks():
            said = f"the notebooks of pull request {effect.pull_request} of {effect.code} are looked at"
        case AskRefactoring() | EnsureRefactoring():
            said = _say_effect_of_notebook(effect)
        case _:
            said = say_chore(effect)
    return said


def _say_effect_of_item(
    effect: EnsureExperimentItem | TellMilestones | CarryExperimentItem | EndExperiment | EnsureOnBoard,
) -> str:
    match effect:
        case EnsureExperimentItem():
            return f"the work item of {effect.experiment} in sprint {effect.number} shows its runs"
        case TellMilestones():
            return f"people are told what happened to {effect.experiment} in sprint {effect.number}"
        case CarryExperimentItem():
            whose = f"the work item of {effect.experiment}, if still open in sprint {effect.origin},"
            return f"{whose} stands in sprint {effect.number}"
        case EndExperiment():
            return f"{effect.experiment} in sprint {effect.number} is closed, as its plan's rule says"
        case EnsureOnBoard():
            where = "" if effect.sprint is None else f" in sprint {effect.sprint}"
            return f"the board of {effect.project} shows work item {effect.ref}{where} as {effect.state}"


def _say_effect_of_code(effect: EnsureMention | EnsurePullRequestStatus | EnsureQueuedGate) -> str:
    match effect:
        case EnsureMention():
            pull_request = f"pull request {effect.pull_request} of {effect.project}"
            return f"{pull_request} names the work item of {effect.experiment} in sprint {effect.number}"
        case EnsurePullRequestStatus():
            return f"pull request {effect.pull_request} of {effect.code} shows what is known of it"
        case EnsureQueuedGate():
            pull_request = f"pull request {effect.pull_request} of {effect.code}"
            return f"the metric gate of {pull_request} stands on commit {effect.commit[:SHORT]} too"


def _say_effect_of_notebook(effect: AskRefactoring | EnsureRefactoring) -> str:
    item = f"the work item of notebook {effect.path} of {effect.code}"
    match effect:
        case AskRefactoring(undoes=""):
            return f"{item} is open, as somebody asked"
        case AskRefactoring():
            return f"{item} is closed again, if whoever takes it back had it made"
        case EnsureRefactoring():
            return f"{item} shows its figures, and is closed once the work is over"


def _say_effect_of_sprint(effect: EnsureIteration | EndIteration | ShowGoal | SuggestPlan) -> str:
    sprint = f"sprint {effect.number} of {effect.project}"
    match effect:
        case EnsureIteration():
            return f"the tracker of {effect.project} has sprint {effect.number}"
        case EndIteration():
            return f"{sprint} left nothing to be carried and is closed"
        case ShowGoal():
            return f"the description of {sprint} tells its goal"
        case SuggestPlan():
            return f"whoever asked is told what fits into {sprint}"


def _count_alerts(alerts: Sequence[Alert]) -> str:
    firing = sum(alert.firing for alert in alerts)
    return f"{firing} firing and {len(alerts) - firing} resolved alerts"


def _say_event_of_alerts(event: AlertsReported | AlertsListed | AlertsDue) -> str:
    match event:
        case AlertsReported():
            unread = f", and of {event.unread} that cannot be read ({event.flaw})" if event.unread else ""
            return f"{event.door} told of {_count_alerts(event.alerts)}{unread}"
        case AlertsListed():
            alerts = [alert for group in event.groups for alert in group.alerts]
            return f"{event.door} had {_count_alerts(alerts)}"
        case AlertsDue():
            return "it was time to look for alerts that are over"


def _say_tick(
    event: PollDue | SprintsDue | RecoveryDue | HooksDue | SilenceDue | RemovalDue | HistoryDue | ReportsDue,
) -> str:
    match event:
        case PollDue():
            return f"it was time to look at {event.door}"
        case RecoveryDue():
            return f"it was time to ask what {event.source} had sent"
        case HooksDue():
            return f"it was time to look at the hooks of {event.source}"
        case SprintsDue() | HistoryDue() | SilenceDue() | RemovalDue() | ReportsDue():
            return _TICKS[type(event)]


_TICKS: dict[type, str] = {
    SprintsDue: "it was time to look at the sprints",
    HistoryDue: "it was time to look at what stands in the sprints",
    SilenceDue: "it was time to look for checks and deployments without news",
    ReportsDue: "it was time to see which reports are due",
    RemovalDue: "it was time to remove what is kept no longer",
}


def _name_serving(serving: Serving) -> str:
    version = f"version {serving.version} of model {serving.model}"
    return f"the deployment of {version} to endpoint {serving.endpoint} of {serving.service}"
