"""Facts become rows, in the transaction of the delivery that told them."""

from sqlalchemy import Connection

from trainboard.facts import (
    Fact,
    ForgetIteration,
    NameIteration,
    RecordAlerts,
    RecordModel,
    RecordRun,
    RecordStorm,
    RecordTouch,
    RecordWorkItem,
)
from trainboard.store import items, iterations, problems, pull_requests, runs


def record(connection: Connection, fact: Fact) -> None:
    """Write what `fact` says."""
    match fact:
        case RecordRun():
            runs.record(connection, fact)
        case RecordModel():
            runs.record_model(connection, fact)
        case RecordWorkItem():
            items.record(connection, fact)
        case ForgetIteration():
            iterations.forget(connection, fact.tracker, fact.ref)
        case NameIteration():
            iterations.rename(connection, fact.tracker, fact.ref, fact.name, fact.at)
        case RecordAlerts():
            problems.record(connection, fact)
        case RecordStorm():
            problems.record_storm(connection, fact)
        case RecordTouch():
            problems.touch(connection, fact)
        case _:
            pull_requests.record(connection, fact)
