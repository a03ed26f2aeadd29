"""The work items in which teams make scripts of notebooks: one for each project, repository and path."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from trainboard.fingerprints import fingerprint
from trainboard.refactoring import Figures, Refactoring
from trainboard.store.refactoring_models import RefactoringRow
from trainboard.store.upserts import insert

_KEY = ("project", "code", "path_key")


def find(connection: Connection, project: str, code: str, path: str) -> Refactoring | None:
    """The work item of the notebook, also one that is closed or gone."""
    return next(iter(_list(connection, _of(project, code, [path]))), None)


def find_by_ref(connection: Connection, tracker: str, ref: str) -> Refactoring | None:
    """The one with that number in the tracker."""
    mine = (RefactoringRow.tracker == tracker) & (RefactoringRow.ref == ref)
    return next(iter(_list(connection, mine)), None)


def list_of(connection: Connection, project: str, code: str, paths: Collection[str]) -> Sequence[Refactoring]:
    """Those of notebooks of the repository with these paths, by path."""
    return _list(connection, _of(project, code, paths)) if paths else ()


def put(connection: Connection, known: Refactoring) -> None:
    """Note the work item, in place of what was known of it."""
    values = {
        **msgspec.structs.asdict(known),
        "code": known.code.casefold(),
        "path_key": fingerprint(known.path),
        "figures": msgspec.json.encode(known.figures).decode() if known.figures else None,
        "settled": msgspec.json.encode(known.settled).decode(),
    }
    changed = {name: value for name, value in values.items() if name not in _KEY}
    statement = insert(connection, RefactoringRow).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed))


def _of(project: str, code: str, paths: Collection[str]) -> ColumnElement[bool]:
    mine = (RefactoringRow.project == project) & (RefactoringRow.code == code.casefold())
    return mine & RefactoringRow.path_key.in_([fingerprint(path) for path in paths])


def _list(connection: Connection, wanted: ColumnElement[bool]) -> Sequence[Refactoring]:
    rows = connection.execute(select(RefactoringRow).where(wanted).order_by(RefactoringRow.path))
    return [_refactoring_of(row) for row in rows]


def _refactoring_of(row: Row[Any]) -> Refactoring:
    values = {name: value for name, value in row._asdict().items() if name not in {"id", "path_key"}}
    values["figures"] = msgspec.json.decode(row.figures, type=Figures) if row.figures else None
    values["settled"] = msgspec.json.decode(row.settled, type=tuple[int, ...])
    return Refactoring(**values)
