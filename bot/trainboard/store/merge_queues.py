"""The commits as which merge queues tried pull requests."""

from sqlalchemy import ColumnElement, Connection, select

from trainboard.facts import RecordQueued
from trainboard.store.pull_request_models import QueuedCommitRow
from trainboard.store.upserts import insert


def record(connection: Connection, fact: RecordQueued) -> None:
    """Note the commit; a platform makes each for one pull request."""
    row = {"code": fact.code.casefold(), "number": fact.number, "commit": fact.commit, "at": fact.at}
    connection.execute(insert(connection, QueuedCommitRow).values(row).on_conflict_do_nothing())


def is_about(fact: RecordQueued) -> ColumnElement[bool]:
    """True for the row of the commit."""
    return (QueuedCommitRow.code == fact.code.casefold()) & (QueuedCommitRow.commit == fact.commit)


def find_latest(connection: Connection, code: str, number: int) -> str | None:
    """The commit as which the pull request was tried last, None where it never was."""
    mine = (QueuedCommitRow.code == code.casefold()) & (QueuedCommitRow.number == number)
    latest = select(QueuedCommitRow.commit).where(mine)
    order = QueuedCommitRow.at.desc(), QueuedCommitRow.commit
    commit: str | None = connection.execute(latest.order_by(*order).limit(1)).scalar()
    return commit
