"""Runs that people asked for, where they asked, and what became of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from trainboard.pull_requests import Check
from trainboard.store.pull_request_models import CheckRow
from trainboard.store.trigger_models import TriggerRow
from trainboard.store.upserts import insert
from trainboard.triggers import Origin, RunName, Trigger, TriggerState, name_run

HELD_AT_MOST = timedelta(days=1)
"""So long a run of whose end nobody told holds its environment."""


def find(connection: Connection, key: str) -> Trigger | None:
    """What is known of the run that was asked for with that key."""
    return next(iter(_list(connection, TriggerRow.key == key)), None)


def put(connection: Connection, trigger: Trigger) -> None:
    """Note what is known now."""
    run = trigger.run
    values = {
        "key": trigger.key,
        "origin": trigger.origin.place.casefold(),
        "ref": trigger.origin.ref,
        "runs_in": run.place.casefold() if run else None,
        "run": run.run if run else None,
        "state": str(trigger.state),
        "at": trigger.at,
        "document": msgspec.json.encode(trigger).decode(),
    }
    statement = insert(connection, TriggerRow).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def list_of_origin(connection: Connection, place: str, *refs: str) -> Sequence[Trigger]:
    """Those that were asked for there, the first at the beginning."""
    mine = (TriggerRow.origin == place.casefold()) & TriggerRow.ref.in_(refs)
    return sorted(_list(connection, mine), key=lambda each: (each.at, each.key))


def list_asked(connection: Connection, project: str, since: datetime, until: datetime) -> Sequence[Trigger]:
    """Those of the project that were asked for at `since` or later, and before `until`, in no order."""
    within = (TriggerRow.at >= since) & (TriggerRow.at < until)
    return [each for each in _list(connection, within) if each.project == project]


def find_holder(connection: Connection, project: str, environment: str, now: datetime) -> Trigger | None:
    """The latest run that somebody started for the environment within a day and that has not ended."""
    query = TriggerRow.at >= now - HELD_AT_MOST
    held = [
        each
        for each in _list(connection, query)
        if (each.project, each.environment.casefold()) == (project, environment.casefold())
        and each.state in {TriggerState.ASKED, TriggerState.STARTED}
        and not (each.check is not None and each.check.ended)
    ]
    return max(held, key=lambda each: each.at, default=None)


def find_of_run(connection: Connection, name: RunName) -> Trigger | None:
    """The one that became that run."""
    return next(iter(_list(connection, _is_run(name))), None)


def follow(connection: Connection, check: Check) -> None:
    """The run that the check speaks for stands like that, if somebody asked for it."""
    name = name_run(check)
    trigger = find_of_run(connection, name) if name else None
    if trigger is not None:
        put(connection, trigger.follow(check))


def is_about(check: Check) -> ColumnElement[bool]:
    """True for the row of the run that the check speaks for."""
    return _is_run(name_run(check) or RunName("", ""))


def list_told(connection: Connection, code: str, name: RunName, since: datetime) -> Sequence[Check]:
    """What was said since then of a run of the code, which may have been before we knew that it is ours."""
    mine = (CheckRow.code == code.casefold()) & (CheckRow.at >= since)
    found = connection.execute(select(CheckRow.document).where(mine)).scalars()
    checks = (msgspec.json.decode(document, type=Check) for document in found)
    return [check for check in checks if name_run(check) == name]


def _is_run(name: RunName) -> ColumnElement[bool]:
    return (TriggerRow.runs_in == name.place.casefold()) & (TriggerRow.run == name.run)


def _list(connection: Connection, condition: ColumnElement[bool]) -> list[Trigger]:
    """The columns say where it is: a place may have got another name since."""
    return [_read(row) for row in connection.execute(select(TriggerRow).where(condition))]


def _read(row: Row[Any]) -> Trigger:
    known = msgspec.json.decode(row.document, type=Trigger)
    run = None if row.run is None else RunName(row.runs_in, row.run)
    if known.origin.place.casefold() == row.origin:
        return msgspec.structs.replace(known, run=run)
    origin = Origin(place=row.origin, ref=row.ref, is_pull_request=known.origin.is_pull_request)
    return msgspec.structs.replace(known, origin=origin, run=run)
