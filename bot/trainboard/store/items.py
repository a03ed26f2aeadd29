"""The work items that the bot made, and the keys that they answer to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, select, update

from trainboard.facts import RecordWorkItem
from trainboard.fingerprints import experiment_key
from trainboard.metrics import Judgement
from trainboard.read import ShownBudget, TrackedItem
from trainboard.spending import LimitUse
from trainboard.store.models import WorkItemKeyRow, WorkItemRow
from trainboard.store.upserts import insert
from trainboard.work_items import WorkItem

GONE = "gone"


class KnownItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item's row: the item, all sprints that it was in, and the sprint it was carried from."""

    number: int
    item: TrackedItem
    sprints: tuple[int, ...]
    carried_from: str | None
    judgements: tuple[Judgement, ...] = ()


def find(connection: Connection, project: str, experiment: str, sprint: int) -> KnownItem | None:
    """The item that shows the experiment in the sprint, also one that is closed or gone."""
    row = connection.execute(_BY_KEY, {"key": experiment_key(project, experiment, sprint)}).one_or_none()
    return _known(connection, row) if row else None


def find_tracked(connection: Connection, project: str, experiment: str, sprint: int) -> TrackedItem | None:
    """The same item without its history: what is asked for every run."""
    row = connection.execute(_BY_KEY, {"key": experiment_key(project, experiment, sprint)}).one_or_none()
    return tracked_of(row) if row else None


_BY_KEY = (
    select(WorkItemRow)
    .join(WorkItemKeyRow, WorkItemKeyRow.work_item == WorkItemRow.id)
    .where(WorkItemKeyRow.key == bindparam("key"))
)


def find_by_ref(connection: Connection, tracker: str, ref: str) -> KnownItem | None:
    """The item with that number in its tracker."""
    mine = (WorkItemRow.tracker == tracker) & (WorkItemRow.ref == ref)
    row = connection.execute(select(WorkItemRow).where(mine)).one_or_none()
    return _known(connection, row) if row else None


def list_open(connection: Connection, project: str, before: int) -> Sequence[KnownItem]:
    """Open items whose latest sprint is before `before`, oldest first."""
    wanted = (WorkItemRow.project == project) & (WorkItemRow.state == "open") & (WorkItemRow.number < before)
    rows = connection.execute(select(WorkItemRow).where(wanted).order_by(WorkItemRow.id)).all()
    return [_known(connection, row) for row in rows]


def list_shown(
    connection: Connection, project: str, *, changed_since: datetime | None = None
) -> Sequence[TrackedItem]:
    """Open items, oldest first, and those that were closed since then or changed after they were."""
    wanted = WorkItemRow.state == "open"
    if changed_since is not None:
        wanted |= (WorkItemRow.state != GONE) & (WorkItemRow.changed_at >= changed_since)
    query = select(WorkItemRow).where(WorkItemRow.project == project, wanted).order_by(WorkItemRow.id)
    return [tracked_of(row) for row in connection.execute(query)]


def add(connection: Connection, item: TrackedItem, now: datetime) -> None:
    """Note an item that now stands in its tracker, under the key of its sprint.

    An item that was carried later than this is left as it is.
    """
    values = {
        "project": item.project,
        "experiment": item.experiment,
        "title": item.title,
        "url": item.url,
        "state": item.state,
        "changed_at": now,
    }
    statement = insert(connection, WorkItemRow).values(
        tracker=item.tracker, ref=item.ref, number=item.number, created_at=now, **values
    )
    row = connection.execute(
        statement.on_conflict_do_update(index_elements=["tracker", "ref"], set_=values).returning(
            WorkItemRow.id
        )
    ).scalar_one()
    _add_key(connection, row, item.project, item.experiment, item.number)


def carry(connection: Connection, known: KnownItem, sprint: int, carried_from: str, now: datetime) -> None:
    """The item now also stands in `sprint`, carried once more."""
    row = {
        "number": sprint,
        "carries": known.item.carries + 1,
        "carried_from": carried_from,
        "changed_at": now,
    }
    connection.execute(update(WorkItemRow).where(WorkItemRow.id == known.number).values(row))
    _add_key(connection, known.number, known.item.project, known.item.experiment, sprint)


def update_seen(
    connection: Connection, known: KnownItem, item: WorkItem, judgements: Sequence[Judgement], now: datetime
) -> None:
    """Note how the item stands in its tracker and what was written of its targets."""
    values = {
        "title": item.title,
        "url": item.url,
        "state": item.state,
        "judgements": msgspec.json.encode(list(judgements)).decode(),
        "changed_at": now,
    }
    connection.execute(update(WorkItemRow).where(WorkItemRow.id == known.number).values(values))


def note_budget(connection: Connection, known: KnownItem, budget: Sequence[LimitUse]) -> None:
    """Note how much of its budget is used, as the item shows it."""
    values = {"budget": msgspec.json.encode(list(budget)).decode()}
    connection.execute(update(WorkItemRow).where(WorkItemRow.id == known.number).values(values))


def list_usage(connection: Connection, known: KnownItem) -> tuple[LimitUse, ...]:
    """How much of its budget was used when the item was shown last."""
    row = WorkItemRow
    return _decode_usage(connection.execute(select(row.budget).where(row.id == known.number)).scalar_one())


def list_budgets(connection: Connection, project: str) -> list[ShownBudget]:
    """The budgets of the project's open items, oldest first, with a limit that more than runs use up."""
    first = (
        select(func.min(WorkItemKeyRow.number))
        .where(WorkItemKeyRow.work_item == WorkItemRow.id)
        .scalar_subquery()
    )
    wanted = (WorkItemRow.project == project) & (WorkItemRow.state == "open") & (WorkItemRow.budget != "[]")
    rows = connection.execute(
        select(WorkItemRow, first.label("first")).where(wanted).order_by(WorkItemRow.id)
    )
    found = [
        ShownBudget(item=tracked_of(row), first_sprint=row.first, usage=_decode_usage(row.budget))
        for row in rows
    ]
    return [each for each in found if any(use.limit.kind != "runs" for use in each.usage)]


_decode_usage = msgspec.json.Decoder(tuple[LimitUse, ...]).decode


def record(connection: Connection, fact: RecordWorkItem) -> None:
    """Note what a tracker said, unless something later is known."""
    mine = (
        (WorkItemRow.tracker == fact.tracker)
        & (WorkItemRow.ref == fact.ref)
        & (WorkItemRow.changed_at <= fact.at)
    )
    values = {"title": fact.title, "state": fact.state, "changed_at": fact.at}
    connection.execute(update(WorkItemRow).where(mine).values(values))


def lose(connection: Connection, known: KnownItem, now: datetime) -> None:
    """Somebody deleted the item: it is not made again."""
    values = {"state": GONE, "changed_at": now}
    connection.execute(update(WorkItemRow).where(WorkItemRow.id == known.number).values(values))


def _add_key(connection: Connection, row: int, project: str, experiment: str, sprint: int) -> None:
    """The item answers to the key, unless another one does that is not gone."""
    values = {"key": experiment_key(project, experiment, sprint), "work_item": row, "number": sprint}
    gone = select(WorkItemRow.id).where(WorkItemRow.state == GONE)
    statement = insert(connection, WorkItemKeyRow).values(values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={"work_item": row}, where=WorkItemKeyRow.work_item.in_(gone)
        )
    )


def _known(connection: Connection, row: Row[Any]) -> KnownItem:
    sprints = connection.execute(
        select(WorkItemKeyRow.number)
        .where(WorkItemKeyRow.work_item == row.id)
        .order_by(WorkItemKeyRow.number)
    ).scalars()
    return KnownItem(
        number=row.id,
        item=tracked_of(row),
        sprints=tuple(sprints),
        carried_from=row.carried_from,
        judgements=tuple(msgspec.json.decode(row.judgements, type=list[Judgement])),
    )


def tracked_of(row: Row[Any]) -> TrackedItem:
    """The value of a row of `work_items`."""
    return TrackedItem(
        project=row.project,
        experiment=row.experiment,
        number=row.number,
        tracker=row.tracker,
        ref=row.ref,
        state=row.state,
        title=row.title,
        url=row.url,
        carries=row.carries,
    )
