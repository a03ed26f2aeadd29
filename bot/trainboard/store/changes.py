"""What a fact would change in our rows."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, inspect, select

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
    plan_words,
    pull_requests,
    report_places,
    servings,
    sprint_goals,
    tracking,
    triggers,
    waivers,
)
from trainboard.store.alert_models import ProblemRow
from trainboard.store.command_models import CommandRow
from trainboard.store.history_models import ItemHistoryRow
from trainboard.store.link_models import (
    ItemParentRow,
    RepositoryStateRow,
    ToldLinkRow,
)
from trainboard.store.models import IterationRow, ModelVersionRow, RunRow, Table, WorkItemRow
from trainboard.store.plan_models import PlanWordRow, TrackedExperimentRow
from trainboard.store.pull_request_models import WaiverRow
from trainboard.store.report_models import ReportPlaceRow, ReportRow
from trainboard.store.sprint_models import SprintGoalRow
from trainboard.store.trigger_models import TriggerRow

Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]
"""Rows by their primary keys, as columns and values."""

About = tuple[type[Table], ColumnElement[bool]]
"""A table, and which of its rows a fact is about."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a row. `before` is None in a row that is new, `after` in one that is gone."""

    table: str
    column: str
    before: Any
    after: Any


def list_rows(connection: Connection, fact: Fact) -> Rows:
    """The rows that `fact` is about, as they are now."""
    table, condition = _about(fact)
    keys = [column.name for column in inspect(table).primary_key]
    found = connection.execute(select(table).where(condition)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in found}


def compare(fact: Fact, before: Rows, after: Rows) -> tuple[Change, ...]:
    """What differs between two states of the rows that `fact` is about."""
    table, _ = _about(fact)
    return tuple(
        Change(table=table.__tablename__, column=column, before=old.get(column), after=new.get(column))
        for key in {**before, **after}
        for old, new in [(before.get(key, {}), after.get(key, {}))]
        for column in {**old, **new}
        if old.get(column) != new.get(column)
    )


def _about(fact: Fact) -> About:
    return _ABOUT.get(type(fact), pull_requests.rows_of)(fact)


def _about_run(fact: RecordRun) -> About:
    mine = (RunRow.project == fact.project) & (RunRow.source == fact.report.source)
    return RunRow, mine & (RunRow.run_id == fact.report.run.id)


def _about_model(fact: RecordModel) -> About:
    return ModelVersionRow, (ModelVersionRow.project == fact.project) & (ModelVersionRow.model == fact.model)


def _about_item(fact: RecordWorkItem) -> About:
    return WorkItemRow, (WorkItemRow.tracker == fact.tracker) & (WorkItemRow.ref == fact.ref)


def _about_happening(fact: RecordHappening) -> About:
    mine = ItemHistoryRow.project == fact.project
    return ItemHistoryRow, mine & (ItemHistoryRow.key == item_history.name_key(fact.happening))


def _about_iteration(fact: ForgetIteration | NameIteration) -> About:
    return IterationRow, (IterationRow.tracker == fact.tracker) & (IterationRow.ref == fact.ref)


def _about_trigger(fact: FollowTrigger) -> About:
    return TriggerRow, triggers.is_about(fact.check)


def _about_move(fact: MoveWorkItem) -> About:
    return WorkItemRow, (WorkItemRow.tracker == fact.old_tracker) & (WorkItemRow.ref == fact.old_ref)


def _about_link(fact: RecordLink) -> About:
    mine = (ToldLinkRow.code == fact.code.casefold()) & (ToldLinkRow.number == fact.number)
    of_item = (ToldLinkRow.tracker == fact.tracker) & (ToldLinkRow.ref == fact.ref)
    return ToldLinkRow, mine & of_item & (ToldLinkRow.source == fact.source)


def _about_parent(fact: RecordParent) -> About:
    return ItemParentRow, (ItemParentRow.tracker == fact.tracker) & (ItemParentRow.ref == fact.ref)


def _about_repository(fact: RecordRepository) -> About:
    return RepositoryStateRow, RepositoryStateRow.code == fact.code.casefold()


def _about_problem(fact: RecordAlerts | RecordStorm | AnswerProblem) -> About:
    return ProblemRow, ProblemRow.key == fact.key


def _about_bug(fact: RecordTouch) -> About:
    return ProblemRow, (ProblemRow.tracker == fact.tracker) & (ProblemRow.ref == fact.ref)


def _about_waiver(fact: RecordWaiver) -> About:
    return WaiverRow, waivers.is_about(fact)


def _about_plan(fact: RecordPlanWord) -> About:
    return PlanWordRow, plan_words.is_about(fact)


def _about_tracking(fact: TrackExperiment) -> About:
    return TrackedExperimentRow, tracking.is_about(fact)


def _about_command(fact: RecordCommand) -> About:
    return CommandRow, commands.is_about(fact)


def _about_goal(fact: RecordGoal) -> About:
    return SprintGoalRow, sprint_goals.is_about(fact)


def _about_claim(fact: ClaimReport) -> About:
    return ReportRow, ReportRow.key == fact.key


def _about_report(fact: HearOfReport) -> About:
    return ReportPlaceRow, report_places.is_about(fact)


_ABOUT: Mapping[type, Callable[[Any], About]] = {
    RecordRun: _about_run,
    RecordModel: _about_model,
    RecordWorkItem: _about_item,
    RecordHappening: _about_happening,
    ForgetIteration: _about_iteration,
    NameIteration: _about_iteration,
    FollowTrigger: _about_trigger,
    MoveWorkItem: _about_move,
    RecordLink: _about_link,
    RecordParent: _about_parent,
    RecordRepository: _about_repository,
    RecordAlerts: _about_problem,
    RecordStorm: _about_problem,
    AnswerProblem: _about_problem,
    RecordTouch: _about_bug,
    RecordAlias: servings.rows_of,
    RecordServing: servings.rows_of,
    RecordWaiver: _about_waiver,
    RecordPlanWord: _about_plan,
    TrackExperiment: _about_tracking,
    RecordCommand: _about_command,
    RecordGoal: _about_goal,
    ClaimReport: _about_claim,
    HearOfReport: _about_report,
}
"""All others are told of code."""
