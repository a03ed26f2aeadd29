"""Facts become rows, in the transaction of the delivery that told them."""

from sqlalchemy import Connection

from trainboard.facts import (
    Fact,
    ForgetIteration,
    MoveWorkItem,
    NameIteration,
    RecordLink,
    RecordModel,
    RecordParent,
    RecordRepository,
    RecordRun,
    RecordWorkItem,
)
from trainboard.store import item_links, items, iterations, lineage, pull_requests, repository_states, runs


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
        case RecordLink():
            item_links.record(connection, fact)
        case RecordParent():
            lineage.record_parent(connection, fact)
        case MoveWorkItem():
            lineage.move_item(connection, fact)
        case RecordRepository():
            repository_states.record(connection, fact)
        case _:
            pull_requests.record(connection, fact)
