"""Facts become rows, in the transaction of the delivery that told them."""

from sqlalchemy import Connection

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
from trainboard.store import items, iterations, pull_requests, runs, servings


def record(connection: Connection, fact: Fact) -> None:
    """Write what `fact` says."""
    match fact:
        case RecordRun():
            runs.record(connection, fact)
        case RecordModel():
            runs.record_model(connection, fact)
        case RecordAlias() | RecordServing():
            servings.record(connection, fact)
        case RecordWorkItem():
            items.record(connection, fact)
        case ForgetIteration():
            iterations.forget(connection, fact.tracker, fact.ref)
        case NameIteration():
            iterations.rename(connection, fact.tracker, fact.ref, fact.name, fact.at)
        case _:
            pull_requests.record(connection, fact)
