"""What a fact would change in our rows."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, inspect, select

from trainboard.facts import (
    Fact,
    ForgetIteration,
    NameIteration,
    RecordAlias,
    RecordModel,
    RecordRun,
    RecordServing,
    RecordWorkItem,
)
from trainboard.store import pull_requests, servings
from trainboard.store.models import IterationRow, ModelVersionRow, RunRow, Table, WorkItemRow

Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]
"""Rows by their primary keys, as columns and values."""


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


def _about(fact: Fact) -> tuple[type[Table], ColumnElement[bool]]:
    match fact:
        case RecordRun():
            mine = (RunRow.project == fact.project) & (RunRow.source == fact.report.source)
            return RunRow, mine & (RunRow.run_id == fact.report.run.id)
        case RecordModel():
            of_model = (ModelVersionRow.project == fact.project) & (ModelVersionRow.model == fact.model)
            return ModelVersionRow, of_model
        case RecordAlias() | RecordServing():
            return servings.rows_of(fact)
        case RecordWorkItem():
            return WorkItemRow, (WorkItemRow.tracker == fact.tracker) & (WorkItemRow.ref == fact.ref)
        case ForgetIteration() | NameIteration():
            return IterationRow, (IterationRow.tracker == fact.tracker) & (IterationRow.ref == fact.ref)
        case _:
            return pull_requests.rows_of(fact)
