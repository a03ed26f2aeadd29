"""Waivers of metric gates, as they were told last."""

from sqlalchemy import ColumnElement, Connection, select

from trainboard.facts import RecordWaiver
from trainboard.metric_gate import Waiver
from trainboard.pull_requests import PullRequest
from trainboard.store.pull_request_models import WaiverRow
from trainboard.store.upserts import insert


def record(connection: Connection, fact: RecordWaiver) -> None:
    """Note it, unless something later is known of the commit."""
    told = {"by": fact.by, "reason": fact.reason, "at": fact.at, "withdrawn": fact.withdrawn}
    statement = insert(connection, WaiverRow).values(
        code=fact.code.casefold(), number=fact.number, commit=fact.commit, **told
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["code", "number", "commit"], set_=told, where=WaiverRow.at <= fact.at
        )
    )


def is_about(fact: RecordWaiver) -> ColumnElement[bool]:
    """True for the row that `fact` is about."""
    return _is_of(fact.code, fact.number, fact.commit)


def find(connection: Connection, pull_request: PullRequest) -> Waiver | None:
    """The one of its head commit that still holds."""
    mine = _is_of(pull_request.code, pull_request.number, pull_request.head)
    row = connection.execute(select(WaiverRow).where(mine, WaiverRow.withdrawn.is_(False))).first()
    return None if row is None else Waiver(by=row.by, reason=row.reason, at=row.at)


def _is_of(code: str, number: int, commit: str) -> ColumnElement[bool]:
    mine = (WaiverRow.code == code.casefold()) & (WaiverRow.number == number)
    return mine & (WaiverRow.commit == commit)
