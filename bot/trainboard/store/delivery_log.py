"""What the pages show of deliveries: what came in, and what came of it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from trainboard.store import bodies
from trainboard.store.models import DeliveryBodyRow, DeliveryRow, EffectCauseRow, EffectRow, EventRow

PAGE_ROWS = 50
_MAX_DIGITS = 19


class DeliveryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which deliveries are asked for; an empty `state`, `source` or `id` means all.

    `state` "failed" means those with an effect that was given up, `id` is the sender's. `ticks` includes
    the bot's own clock and polls. `before` is the number above the first row of a page, `since` the
    earliest receipt.
    """

    state: str = ""
    source: str = ""
    id: str = ""
    ticks: bool = False
    before: int | None = None
    since: datetime | None = None


class DeliveryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery without its body. `effects` counts what it caused by kind and state."""

    number: int
    source: str
    id: str
    kind: str
    entity: str
    state: str
    attempts: int
    received_at: datetime
    run_at: datetime
    finished_at: datetime | None
    error: str | None
    effects: tuple[tuple[str, str, int], ...] = ()


class DeliveryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Deliveries, latest first; `next_before` leads to the older ones, None on the last page."""

    lines: tuple[DeliveryLine, ...]
    next_before: int | None


class LoggedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a delivery told of."""

    kind: str
    subject: str
    at: datetime


class CausedEffect(msgspec.Struct, frozen=True, kw_only=True):
    """An effect that a delivery asked for, alone or with others."""

    kind: str
    key: str
    state: str
    attempts: int
    run_at: datetime
    applied_at: datetime | None
    error: str | None


class DeliveryDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with all that is known of it; `body` is None where it was thrown away."""

    line: DeliveryLine
    body: bytes | None
    events: tuple[LoggedEvent, ...]
    effects: tuple[CausedEffect, ...]


def list_page(connection: Connection, wanted: DeliveryFilter, limit: int = PAGE_ROWS) -> DeliveryPage:
    """A page of at most `limit` deliveries."""
    query = select(DeliveryRow).where(*_conditions(wanted)).order_by(DeliveryRow.id.desc())
    rows = connection.execute(query.limit(limit + 1)).all()
    shown = rows[:limit]
    effects = _count_effects(connection, [row.id for row in shown])
    return DeliveryPage(
        lines=tuple(_line(row, tuple(effects[row.id])) for row in shown),
        next_before=shown[-1].id if len(rows) > limit else None,
    )


def list_sources(connection: Connection) -> tuple[str, ...]:
    """Every source that a delivery came from, our own clock and polls left out, by name."""
    query = select(DeliveryRow.source).where(_from_outside()).distinct().order_by(DeliveryRow.source)
    return tuple(connection.execute(query).scalars())


def list_numbers(connection: Connection, name: str) -> tuple[int, ...]:
    """The numbers of the deliveries that `name` may mean: a number of ours, else the senders' ids."""
    if name.isascii() and name.isdigit() and len(name) < _MAX_DIGITS:
        found = connection.execute(select(DeliveryRow.id).where(DeliveryRow.id == int(name))).scalars().all()
        if found:
            return tuple(found)
    query = select(DeliveryRow.id).where(DeliveryRow.delivery_id == name).order_by(DeliveryRow.id)
    return tuple(connection.execute(query).scalars())


def find_details(connection: Connection, number: int) -> DeliveryDetails | None:
    """Everything that is known of the delivery, None if there is none of that number."""
    row = connection.execute(select(DeliveryRow).where(DeliveryRow.id == number)).one_or_none()
    if row is None:
        return None
    body = connection.execute(select(DeliveryBodyRow.body).where(DeliveryBodyRow.delivery == number)).scalar()
    return DeliveryDetails(
        line=_line(row, ()),
        body=None if body is None else bodies.unpack(body),
        events=_events(connection, number),
        effects=_effects(connection, number),
    )


def count_failed_effects(connection: Connection) -> int:
    """How many effects were given up and not made true later by another of the same key."""
    later = EffectRow.__table__.alias()
    made_up_for = exists().where(
        later.c.key == EffectRow.key, later.c.state == "applied", later.c.id > EffectRow.id
    )
    query = select(func.count()).select_from(EffectRow).where(EffectRow.state == "dead", ~made_up_for)
    return connection.execute(query).scalar_one()


def _conditions(wanted: DeliveryFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.state == "failed":
        dead = select(EffectRow.id).where(EffectRow.state == "dead")
        yield DeliveryRow.id.in_(select(EffectCauseRow.delivery).where(EffectCauseRow.effect.in_(dead)))
    elif wanted.state:
        yield DeliveryRow.state == wanted.state
    if wanted.source:
        yield DeliveryRow.source == wanted.source
    elif not wanted.ticks and not wanted.state and not wanted.id:
        yield _from_outside()
    if wanted.id:
        yield DeliveryRow.delivery_id == wanted.id
    if wanted.before is not None:
        yield DeliveryRow.id < wanted.before
    if wanted.since is not None:
        yield DeliveryRow.received_at >= wanted.since


def _from_outside() -> ColumnElement[bool]:
    ours = or_(DeliveryRow.source == "clock", DeliveryRow.source.startswith("poll/"))
    return and_(~ours)


def _line(row: Row[Any], effects: tuple[tuple[str, str, int], ...]) -> DeliveryLine:
    return DeliveryLine(
        number=row.id,
        source=row.source,
        id=row.delivery_id,
        kind=row.kind,
        entity=row.mailbox.removeprefix("in:"),
        state=row.state,
        attempts=row.attempts,
        received_at=row.received_at,
        run_at=row.run_at,
        finished_at=row.finished_at,
        error=row.error,
        effects=effects,
    )


def _count_effects(
    connection: Connection, deliveries: Iterable[int]
) -> dict[int, list[tuple[str, str, int]]]:
    columns = (EffectCauseRow.delivery, EffectRow.kind, EffectRow.state)
    query = (
        select(*columns, func.count())
        .join(EffectRow, EffectRow.id == EffectCauseRow.effect)
        .where(EffectCauseRow.delivery.in_(deliveries))
        .group_by(*columns)
    )
    found: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for delivery, kind, state, amount in connection.execute(query.order_by(*columns)):
        found[delivery].append((kind, state, amount))
    return found


def _events(connection: Connection, delivery: int) -> tuple[LoggedEvent, ...]:
    query = select(EventRow).where(EventRow.delivery == delivery).order_by(EventRow.id)
    return tuple(
        LoggedEvent(kind=row.kind, subject=row.subject, at=row.at) for row in connection.execute(query)
    )


def _effects(connection: Connection, delivery: int) -> tuple[CausedEffect, ...]:
    query = (
        select(EffectRow)
        .join(EffectCauseRow, EffectCauseRow.effect == EffectRow.id)
        .where(EffectCauseRow.delivery == delivery)
        .order_by(EffectRow.id)
    )
    return tuple(
        CausedEffect(
            kind=row.kind,
            key=row.key,
            state=row.state,
            attempts=row.attempts,
            run_at=row.run_at,
            applied_at=row.applied_at,
            error=row.error,
        )
        for row in connection.execute(query)
    )
