"""Where the aliases of models pointed, and which versions endpoints serve."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, select, union, update
from sqlalchemy.orm import aliased

from trainboard.facts import RecordAlias, RecordServing
from trainboard.pull_requests import DeploymentState
from trainboard.serving import AliasMove, Serving, merge_servings
from trainboard.store.models import ModelVersionRow, Table
from trainboard.store.registry_models import AliasMoveRow, ServingRow
from trainboard.store.upserts import insert

ServingFact = RecordAlias | RecordServing
Pointers = Mapping[tuple[str, str, str], tuple[str, ...]]
"""The aliases that point at a version now, by project, model and version, in alphabetical order."""

_decode = msgspec.json.Decoder(Serving).decode


def record(connection: Connection, fact: ServingFact) -> None:
    """Add what was said to what is known."""
    match fact:
        case RecordAlias():
            move = insert(connection, AliasMoveRow).values(_row_of_move(fact))
            connection.execute(move.on_conflict_do_nothing())
        case _:
            _record_serving(connection, fact)


def rows_of(fact: ServingFact) -> tuple[type[Table], ColumnElement[bool]]:
    """The rows that `fact` is about."""
    match fact:
        case RecordAlias():
            return AliasMoveRow, _equals(AliasMoveRow, _row_of_move(fact))
        case _:
            return ServingRow, _equals(ServingRow, _identity(fact))


def list_moves(connection: Connection, project: str) -> tuple[AliasMove, ...]:
    """Every move of an alias of the project's models, in no order."""
    return tuple(
        map(_to_move, connection.execute(select(AliasMoveRow).where(AliasMoveRow.project == project)))
    )


def list_servings(connection: Connection, project: str) -> tuple[Serving, ...]:
    """Every serving of the project's models, in no order."""
    documents = connection.execute(select(ServingRow.document).where(ServingRow.project == project)).scalars()
    return tuple(map(_decode, documents))


def list_pointers(connection: Connection, projects: Sequence[str]) -> Pointers:
    """Which aliases point where in these projects."""
    query = select(AliasMoveRow).where(AliasMoveRow.project.in_(projects), is_newest())
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.project, row.model, row.version].append(row.alias)
    return {key: tuple(sorted(aliases)) for key, aliases in found.items() if key[2]}


def is_newest() -> ColumnElement[bool]:
    """True for the move that tells where its alias points now."""
    later = aliased(AliasMoveRow)
    same = [getattr(later, name) == getattr(AliasMoveRow, name) for name in ("project", "model", "alias")]
    is_newer = (later.at > AliasMoveRow.at) | (
        (later.at == AliasMoveRow.at) & (later.version > AliasMoveRow.version)
    )
    return ~exists().where(*same, is_newer).correlate(AliasMoveRow)


def is_standing() -> ColumnElement[bool]:
    """True for a serving that succeeded, and after it no other one on the same endpoint."""
    later = aliased(ServingRow)
    names = ("project", "service", "endpoint", "model")
    same = [getattr(later, name) == getattr(ServingRow, name) for name in names]
    succeeded = (later.state == DeploymentState.SUCCEEDED) & (later.at > ServingRow.at)
    after = exists().where(*same, succeeded).correlate(ServingRow)
    return (ServingRow.state == DeploymentState.SUCCEEDED) & ~after


def list_runs(connection: Connection, project: str, model: str) -> Sequence[str]:
    """The runs that made the versions of the model that any alias or endpoint ever had."""
    placed = union(_versions(AliasMoveRow, project, model), _versions(ServingRow, project, model))
    query = select(ModelVersionRow.run_id).where(
        ModelVersionRow.project == project,
        ModelVersionRow.model == model,
        ModelVersionRow.version.in_(placed),
        ModelVersionRow.run_id.is_not(None),
    )
    return sorted(set(filter(None, connection.execute(query).scalars())))


def _versions(table: type[AliasMoveRow] | type[ServingRow], project: str, model: str) -> Select[str]:
    return select(table.version).where(table.project == project, table.model == model)


def _record_serving(connection: Connection, fact: RecordServing) -> None:
    row = _row_of_serving(fact)
    added = insert(connection, ServingRow).values(row).on_conflict_do_nothing().returning(ServingRow.id)
    if connection.execute(added).scalar() is not None:
        return
    mine = _equals(ServingRow, _identity(fact))
    known = connection.execute(select(ServingRow.document).where(mine).with_for_update()).scalar_one()
    merged = merge_servings(_decode(known), fact.serving)
    changed = _row_of_serving(msgspec.structs.replace(fact, serving=merged))
    connection.execute(update(ServingRow).where(mine).values(changed))


def _identity(fact: RecordServing) -> dict[str, Any]:
    told = fact.serving
    return {"project": fact.project, "service": told.service, "ref": told.ref, "model": told.model}


def _row_of_serving(fact: RecordServing) -> dict[str, Any]:
    told = fact.serving
    return _identity(fact) | {
        "version": told.version,
        "endpoint": told.endpoint,
        "state": told.state,
        "at": told.at,
        "document": msgspec.json.encode(told).decode(),
    }


def _row_of_move(fact: RecordAlias) -> dict[str, Any]:
    return msgspec.structs.asdict(fact.move) | {"project": fact.project, "version": fact.move.version or ""}


def _to_move(row: Any) -> AliasMove:
    return AliasMove(model=row.model, alias=row.alias, version=row.version or None, at=row.at)


def _equals(table: type[Table], values: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(table.__table__.columns[name] == value for name, value in values.items()))
