"""What the pages show of a sprint: its cards, read without looking into the runs themselves."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    func,
    literal_column,
    select,
)

from trainboard.experiment_view import ModelVersion
from trainboard.metrics import Judgement
from trainboard.read import TrackedItem
from trainboard.runs import RunStatus
from trainboard.store import servings
from trainboard.store.items import KnownItem, tracked_of
from trainboard.store.models import (
    CursorRow,
    ModelVersionRow,
    RunRow,
    WorkItemKeyRow,
    WorkItemRow,
)

_decode_judgements = msgspec.json.Decoder(tuple[Judgement, ...]).decode


class RunCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many runs stand where; the parents of sweeps are left out, as in the work item."""

    finished: int = 0
    running: int = 0
    failed: int = 0
    killed: int = 0
    queued: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.finished + self.running + self.failed + self.killed + self.queued


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A work item on the board: the item, its sprints, its runs over all of them, what came of them.

    `number` is the item's row, `updated_at` the latest change of the item or of one of its runs.
    """

    number: int
    item: TrackedItem
    sprints: tuple[int, ...]
    carried_from: str | None
    judgements: tuple[Judgement, ...]
    runs: RunCounts
    models: tuple[ModelVersion, ...]
    updated_at: datetime

    @property
    def known(self) -> KnownItem:
        """Its work item's row."""
        return KnownItem(
            number=self.number, item=self.item, sprints=self.sprints, carried_from=self.carried_from
        )


class ReaderState(msgspec.Struct, frozen=True, kw_only=True):
    """How the reading of a run tracker goes; `unreachable_since` is None while it answers."""

    door: str
    read_at: datetime | None
    unreachable_since: datetime | None
    error: str | None


class ExperimentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which experiments are asked for: of one project; an empty `state` means all, so does None as `sprint`.

    `before` is the row number above the first one of a page.
    """

    project: str
    state: str = ""
    sprint: int | None = None
    before: int | None = None


def list_latest(connection: Connection, wanted: ExperimentFilter, limit: int) -> tuple[Card, ...]:
    """The work items that are asked for, those that were made last first, at most `limit`."""
    numbers = select(WorkItemRow.id).where(WorkItemRow.project == wanted.project)
    if wanted.state:
        numbers = numbers.where(WorkItemRow.state == wanted.state)
    if wanted.sprint is not None:
        in_sprint = select(WorkItemKeyRow.work_item).where(WorkItemKeyRow.number == wanted.sprint)
        numbers = numbers.where(WorkItemRow.id.in_(in_sprint))
    if wanted.before is not None:
        numbers = numbers.where(WorkItemRow.id < wanted.before)
    found = connection.execute(numbers.order_by(WorkItemRow.id.desc()).limit(limit)).scalars().all()
    return tuple(reversed(_cards(connection, select(WorkItemRow).where(WorkItemRow.id.in_(found)))))


def find_anywhere(connection: Connection, number: int) -> Card | None:
    """The work item with that row number, of whatever project; None where there is none."""
    cards = _cards(connection, select(WorkItemRow).where(WorkItemRow.id == number))
    return cards[0] if cards else None


def list_cards(connection: Connection, project: str, sprint: int) -> tuple[Card, ...]:
    """The work items that were in the sprint, in the order they were made."""
    return _cards(connection, _items(project, sprint))


def find_card(connection: Connection, project: str, sprint: int, number: int) -> Card | None:
    """The work item with that row number, None if it was never in that sprint of the project."""
    cards = _cards(connection, _items(project, sprint).where(WorkItemRow.id == number))
    return cards[0] if cards else None


def list_readers(connection: Connection, doors: Iterable[str]) -> tuple[ReaderState, ...]:
    """The state of these run trackers, by name; one that was never read has no times."""
    names = sorted(doors)
    rows = connection.execute(select(CursorRow).where(CursorRow.door.in_(names)))
    known = {row.door: row for row in rows}
    return tuple(_reader(name, known.get(name)) for name in names)


def _reader(door: str, row: Row[Any] | None) -> ReaderState:
    if row is None:
        return ReaderState(door=door, read_at=None, unreachable_since=None, error=None)
    return ReaderState(
        door=door, read_at=row.read_at, unreachable_since=row.unreachable_since, error=row.error
    )


def _items(project: str, sprint: int) -> Select[Any]:
    return (
        select(WorkItemRow)
        .join(WorkItemKeyRow, WorkItemKeyRow.work_item == WorkItemRow.id)
        .where(WorkItemRow.project == project, WorkItemKeyRow.number == sprint)
    )


def _cards(connection: Connection, items: Select[Any]) -> tuple[Card, ...]:
    rows = connection.execute(items.order_by(WorkItemRow.id)).all()
    if not rows:
        return ()
    sprints = _sprints(connection, items)
    counts, seen_at = _counts(connection, items)
    models = _models(connection, items)
    return tuple(
        Card(
            number=row.id,
            item=tracked_of(row),
            sprints=tuple(sprints[row.id]),
            carried_from=row.carried_from,
            judgements=_decode_judgements(row.judgements),
            runs=RunCounts(**counts[row.id]),
            models=tuple(models[row.id]),
            updated_at=max(row.changed_at, seen_at.get(row.id, row.changed_at)),
        )
        for row in rows
    )


def _sprints(connection: Connection, items: Select[Any]) -> dict[int, list[int]]:
    mine = WorkItemKeyRow.work_item.in_(items.with_only_columns(WorkItemRow.id))
    found: dict[int, list[int]] = defaultdict(list)
    query = select(WorkItemKeyRow.work_item, WorkItemKeyRow.number).where(mine)
    for item, number in connection.execute(query.order_by(WorkItemKeyRow.number)):
        found[item].append(number)
    return found


def _counts(
    connection: Connection, items: Select[Any]
) -> tuple[dict[int, dict[str, int]], dict[int, datetime]]:
    """By item: how many runs have which status, and when one of them last changed."""
    mine = _runs(connection, items)
    sweeps = (
        select(mine.c.item, mine.c.source, mine.c.sweep)
        .where(mine.c.sweep != mine.c.run_id)
        .distinct()
        .cte("sweeps")
    )
    parent = and_(
        sweeps.c.item == mine.c.item, sweeps.c.source == mine.c.source, sweeps.c.sweep == mine.c.run_id
    )
    amount = func.count() - func.count(sweeps.c.sweep)
    query = select(mine.c.item, mine.c.status, amount, func.max(mine.c.seen_at)).outerjoin(sweeps, parent)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    seen_at: dict[int, datetime] = {}
    for item, status, number, seen in connection.execute(query.group_by(mine.c.item, mine.c.status)):
        counts[item][RunStatus(status).value] = number
        seen_at[item] = max(seen, seen_at.get(item, seen))
    return counts, seen_at


def _runs(connection: Connection, items: Select[Any]) -> CTE:
    """The runs of the items, over all sprints of each, with the sweep that a run belongs to."""
    keys = WorkItemKeyRow.__table__.alias()
    of_item = and_(
        RunRow.project == WorkItemRow.project,
        RunRow.experiment == WorkItemRow.experiment,
        RunRow.number == keys.c.number,
    )
    columns = [
        WorkItemRow.id.label("item"),
        RunRow.project,
        RunRow.source,
        RunRow.run_id,
        RunRow.status,
        RunRow.seen_at,
        _sweep(connection).label("sweep"),
    ]
    query = items.with_only_columns(*columns)
    return query.join(keys, keys.c.work_item == WorkItemRow.id).join(RunRow, of_item).cte("mine")


def _sweep(connection: Connection) -> ColumnElement[str]:
    """The id of the group in a run's document, as JSON writes it; NULL where there is none."""
    if connection.dialect.name == "sqlite":
        return func.json_extract(RunRow.document, "$.run.group.id", type_=Text())
    pattern = literal_column(r"""'"group":\{"id":"((?:[^"\\]|\\.)*)"'""", Text())
    return func.substring(RunRow.document, pattern, type_=Text())


def _models(connection: Connection, items: Select[Any]) -> dict[int, list[ModelVersion]]:
    mine = _runs(connection, items)
    query = (
        select(mine.c.item, ModelVersionRow)
        .join(mine, and_(mine.c.run_id == ModelVersionRow.run_id, mine.c.project == ModelVersionRow.project))
        .order_by(ModelVersionRow.model, ModelVersionRow.at)
        .distinct()
    )
    rows = connection.execute(query).all()
    pointers = servings.list_pointers(connection, sorted({row.project for row in rows})) if rows else {}
    found: dict[int, list[ModelVersion]] = defaultdict(list)
    for row in rows:
        aliases = pointers.get((row.project, row.model, row.version), ())
        found[row.item].append(
            ModelVersion(name=row.model, version=row.version, aliases=aliases, run_id=row.run_id)
        )
    return found
