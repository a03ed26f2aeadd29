"""Facts become rows, in the transaction of the delivery that told them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trainboard.facts import (
    AnswerProblem,
    ClaimReport,
    Fact,
    FollowTrigger,
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
    RecordWaiver,
    RecordWorkItem,
    TrackExperiment,
)
from trainboard.store import (
    commands,
    item_history,
    item_links,
    items,
    iterations,
    lineage,
    plan_words,
    problems,
    pull_requests,
    report_claims,
    report_places,
    repository_states,
    runs,
    servings,
    sprint_goals,
    tracking,
    triggers,
    waivers,
)


def record(connection: Connection, fact: Fact, now: datetime, delivery: int | None = None) -> None:
    """Write what `fact` says, which was told at `now` by the delivery of that number."""
    if isinstance(fact, RecordHappening):
        item_history.record(connection, fact, now, delivery)
        return
    _WRITERS.get(type(fact), pull_requests.record)(connection, fact)


def _forget_iteration(connection: Connection, fact: ForgetIteration) -> None:
    iterations.forget(connection, fact.tracker, fact.ref)


def _name_iteration(connection: Connection, fact: NameIteration) -> None:
    iterations.rename(connection, fact.tracker, fact.ref, fact.name, fact.at)


def _follow_trigger(connection: Connection, fact: FollowTrigger) -> None:
    triggers.follow(connection, fact.check)


_WRITERS: Mapping[type, Callable[[Connection, Any], None]] = {
    RecordRun: runs.record,
    RecordModel: runs.record_model,
    RecordWorkItem: items.record,
    ForgetIteration: _forget_iteration,
    NameIteration: _name_iteration,
    FollowTrigger: _follow_trigger,
    RecordLink: item_links.record,
    RecordParent: lineage.record_parent,
    MoveWorkItem: lineage.move_item,
    RecordRepository: repository_states.record,
    RecordAlerts: problems.record,
    RecordStorm: problems.record_storm,
    RecordTouch: problems.touch,
    AnswerProblem: problems.answer,
    RecordAlias: servings.record,
    RecordServing: servings.record,
    RecordWaiver: waivers.record,
    RecordPlanWord: plan_words.record,
    TrackExperiment: tracking.record,
    RecordCommand: commands.record,
    RecordGoal: sprint_goals.record,
    ClaimReport: report_claims.record,
    HearOfReport: report_places.hear,
}
"""All others are told of code."""
