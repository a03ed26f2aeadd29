"""What people were told of experiments, and what they shall be told."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from trainboard.milestones import Milestone, News
from trainboard.store.models import WorkItemRow
from trainboard.store.plan_models import MilestoneRow

_decode = msgspec.json.Decoder(Milestone).decode


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one comment tells; `is_begun` where an earlier attempt may have written it, since `at`."""

    number: int
    milestones: tuple[Milestone, ...]
    at: datetime
    is_begun: bool


def list_known(connection: Connection, work_item: int) -> frozenset[str] | None:
    """The keys of what is known of the work item in that row, None where it was never looked at."""
    keys = connection.execute(select(WorkItemRow.milestones).where(WorkItemRow.id == work_item)).scalar_one()
    return None if keys is None else frozenset(msgspec.json.decode(keys, type=list[str]))


def note_known(connection: Connection, work_item: int, keys: frozenset[str]) -> None:
    """From now on these are known."""
    values = {"milestones": msgspec.json.encode(sorted(keys)).decode()}
    connection.execute(update(WorkItemRow).where(WorkItemRow.id == work_item).values(values))


def put(connection: Connection, work_item: int, news: News, now: datetime) -> None:
    """Note what is known from now on, and what is to be told."""
    note_known(connection, work_item, news.known)
    rows = [
        {"work_item": work_item, "document": msgspec.json.encode(each).decode(), "at": now}
        for each in news.told
    ]
    if rows:
        connection.execute(insert(MilestoneRow), rows)


def begin(connection: Connection, work_item: int) -> Batch | None:
    """What the next comment tells: what an earlier attempt began with, or else all; None for nothing."""
    mine = MilestoneRow.work_item == work_item
    rows = connection.execute(select(MilestoneRow).where(mine).order_by(MilestoneRow.id)).all()
    begun = [row for row in rows if row.batch is not None]
    taken = [row for row in begun if row.batch == begun[0].batch] if begun else rows
    if not taken:
        return None
    number = begun[0].batch if begun else taken[-1].id
    ids = [row.id for row in taken]
    connection.execute(update(MilestoneRow).where(MilestoneRow.id.in_(ids)).values(batch=number))
    return Batch(
        number=number,
        milestones=tuple(_decode(row.document) for row in taken),
        at=taken[0].at,
        is_begun=bool(begun),
    )


def settle(connection: Connection, work_item: int, batch: int) -> None:
    """The comment is written, or never will be."""
    mine = (MilestoneRow.work_item == work_item) & (MilestoneRow.batch == batch)
    connection.execute(delete(MilestoneRow).where(mine))
