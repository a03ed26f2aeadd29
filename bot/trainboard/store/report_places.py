"""Where the reports of sprints are kept, and how they were written last."""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, select, update

from trainboard.facts import HearOfReport
from trainboard.store.report_models import ReportPlaceRow
from trainboard.store.upserts import insert


class ReportPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where the report of a sprint is kept; the members are the columns of the table."""

    project: str
    number: int
    target: str
    place: str
    ref: str
    url: str
    digest: str
    written_at: datetime
    state: str = "open"
    version: str = ""
    heard_at: datetime | None = None
    touched_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """True if what stands there is what was written: the tracker told of that, and of nothing since."""
        if self.touched_at is not None and self.touched_at >= self.written_at:
            return False
        return self.heard_at is not None and self.heard_at >= self.written_at


_KEPT = frozenset({"project", "number", "target", "heard_at", "touched_at"})


def find(connection: Connection, project: str, number: int, target: str) -> ReportPlace | None:
    """Where the report of the sprint is kept for that kind of target."""
    mine = (ReportPlaceRow.project == project) & (ReportPlaceRow.number == number)
    query = select(ReportPlaceRow.__table__).where(mine, ReportPlaceRow.target == target)
    row = connection.execute(query).mappings().first()
    return None if row is None else msgspec.convert(dict(row), ReportPlace)


def find_by_ref(connection: Connection, place: str, ref: str) -> ReportPlace | None:
    """The report that is kept in the work item of that number."""
    query = select(ReportPlaceRow.__table__).where(_is_at(place, ref))
    row = connection.execute(query).mappings().first()
    return None if row is None else msgspec.convert(dict(row), ReportPlace)


def list_refs(connection: Connection, project: str) -> set[str]:
    """The work items that hold reports of the project's sprints."""
    query = select(ReportPlaceRow.ref).where(ReportPlaceRow.project == project)
    return set(connection.execute(query.where(ReportPlaceRow.target == "tracker")).scalars())


def put(connection: Connection, place: ReportPlace) -> None:
    """It was written so; what the tracker told of it stays."""
    row = msgspec.structs.asdict(place)
    changed = {name: row[name] for name in row if name not in _KEPT}
    statement = insert(connection, ReportPlaceRow).values(row)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["project", "number", "target"], set_=changed)
    )


def hear(connection: Connection, fact: HearOfReport) -> None:
    """The tracker told of a change."""
    mine = _is_at(fact.tracker, fact.ref)
    later = ReportPlaceRow.heard_at.is_(None) | (ReportPlaceRow.heard_at < fact.at)
    connection.execute(update(ReportPlaceRow).where(mine, later).values(heard_at=fact.at))
    if fact.touched:
        later = ReportPlaceRow.touched_at.is_(None) | (ReportPlaceRow.touched_at < fact.at)
        connection.execute(update(ReportPlaceRow).where(mine, later).values(touched_at=fact.at))


def is_about(fact: HearOfReport) -> ColumnElement[bool]:
    """True for the row that `fact` is about."""
    return _is_at(fact.tracker, fact.ref)


def _is_at(place: str, ref: str) -> ColumnElement[bool]:
    return (ReportPlaceRow.place == place) & (ReportPlaceRow.ref == ref)
