"""How effects came about: the deliveries that asked for them, and what became of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from trainboard import effects, events
from trainboard.effects import Effect
from trainboard.events import Event
from trainboard.read import TrackedItem
from trainboard.rendering.words import say_effect, say_event
from trainboard.store.items import tracked_of
from trainboard.store.models import (
    DeliveryRow,
    EffectCauseRow,
    EffectRow,
    EventRow,
    RunRow,
    WorkItemRow,
)


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment, and the work items that show it, oldest first; none if none was made."""

    project: str
    experiment: str
    items: tuple[TrackedItem, ...]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How the latest effect of a key stands; `at` is when it was applied or given up, or is due."""

    state: str
    at: datetime


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that asked for an effect, and what it told of."""

    number: int
    source: str
    id: str
    kind: str
    received_at: datetime
    events: tuple[Event, ...]


class PastEffect(msgspec.Struct, frozen=True, kw_only=True):
    """An effect and all that asked for it. `at` is when it was applied or given up, None while it waits."""

    number: int
    effect: Effect
    state: str
    attempts: int
    asked_at: datetime
    run_at: datetime
    at: datetime | None
    error: str | None
    causes: tuple[Cause, ...]


class PastEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a tracker told of a work item, and the delivery that brought it, None if it is gone."""

    event: Event
    at: datetime
    delivery: int | None


def list_subjects(connection: Connection, name: str) -> tuple[Subject, ...]:
    """What `name` may mean: an experiment, `#12`, `owner/repository#12`, or a work item's address."""
    rows = connection.execute(select(WorkItemRow.project, WorkItemRow.experiment).where(_named(name))).all()
    runs = connection.execute(
        select(RunRow.project, RunRow.experiment).where(RunRow.experiment == name).distinct()
    ).all()
    pairs = dict.fromkeys((row[0], row[1]) for row in [*rows, *runs])
    return tuple(_subject(connection, project, experiment) for project, experiment in pairs)


def list_effects(connection: Connection, subject: Subject) -> tuple[PastEffect, ...]:
    """All effects on the experiment's work items, in the order in which they were first asked for.

    Those on their cards on a board are among them.
    """
    cards = [f"out:board:{subject.project}/{item.ref}" for item in subject.items]
    mine = EffectRow.mailbox.in_([f"out:experiment:{subject.project}/{subject.experiment}", *cards])
    rows = connection.execute(select(EffectRow).where(mine).order_by(EffectRow.id)).all()
    causes = _causes(connection, mine)
    return tuple(_past(row, tuple(causes[row.id])) for row in rows)


def list_reasons(connection: Connection, mailbox: str, most: int) -> list[str]:
    """What was done last of the mailbox's effects and why, the latest first, each as a plain sentence."""
    mine = (EffectRow.mailbox == f"out:{mailbox}") & (EffectRow.state != "pending")
    query = select(EffectRow).where(mine).order_by(EffectRow.applied_at.desc(), EffectRow.id.desc())
    rows = connection.execute(query.limit(most)).all()
    causes = _causes(connection, EffectRow.id.in_([row.id for row in rows]))
    return [_explain(_past(row, tuple(causes[row.id]))) for row in rows]


def _explain(past: PastEffect) -> str:
    """One sentence, with the last delivery that asked for it."""
    done = "was made true" if past.state == "applied" else "was given up"
    said = f"{past.at or past.asked_at:%Y-%m-%d %H:%M} UTC: that {say_effect(past.effect)} {done}"
    for cause in past.causes[-1:]:
        told = "; ".join(map(say_event, cause.events)) or f"{cause.kind} came"
        return f"{said}, because {told}"
    return said


def list_events(connection: Connection, subject: Subject) -> tuple[PastEvent, ...]:
    """What trackers told of the experiment's work items, in the order in which it happened."""
    subjects = [f"item:{item.tracker}#{item.ref}" for item in subject.items]
    rows = connection.execute(
        select(EventRow).where(EventRow.subject.in_(subjects)).order_by(EventRow.at, EventRow.id)
    )
    return tuple(PastEvent(event=_event(row.document), at=row.at, delivery=row.delivery) for row in rows)


def list_asked_keys(connection: Connection, delivery: int) -> tuple[str, ...]:
    """The keys of the effects that the delivery asked for."""
    query = (
        select(EffectRow.key)
        .join(EffectCauseRow, EffectCauseRow.effect == EffectRow.id)
        .where(EffectCauseRow.delivery == delivery)
        .order_by(EffectRow.id)
    )
    return tuple(dict.fromkeys(connection.execute(query).scalars()))


def find_standing(connection: Connection, key: str) -> Standing | None:
    """The latest effect of the key."""
    query = select(EffectRow).where(EffectRow.key == key).order_by(EffectRow.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Standing(state=row.state, at=row.applied_at or row.run_at)


def was_applied(connection: Connection, key: str) -> bool:
    """True if an effect of the key was made true, as far as effects are kept."""
    mine = (EffectRow.key == key) & (EffectRow.state == "applied")
    return connection.execute(select(EffectRow.id).where(mine).limit(1)).scalar() is not None


def was_asked_for(connection: Connection, key: str, since: datetime) -> bool:
    """True if an effect of the key was first asked for at `since` or later, as far as effects are kept."""
    mine = (EffectRow.key == key) & (EffectRow.created_at >= since)
    return connection.execute(select(EffectRow.id).where(mine).limit(1)).scalar() is not None


def _named(name: str) -> ColumnElement[bool]:
    tracker, _, ref = name.rpartition("#")
    numbered = WorkItemRow.ref == (ref or name)
    if tracker:
        kinds = ("github", "azure-boards", "local")
        numbered &= WorkItemRow.tracker.in_([tracker, *(f"{kind}:{tracker}" for kind in kinds)])
    return (WorkItemRow.experiment == name) | (WorkItemRow.url == name) | numbered


def _subject(connection: Connection, project: str, experiment: str) -> Subject:
    mine = (WorkItemRow.project == project) & (WorkItemRow.experiment == experiment)
    rows = connection.execute(select(WorkItemRow).where(mine).order_by(WorkItemRow.id)).all()
    return Subject(project=project, experiment=experiment, items=tuple(map(tracked_of, rows)))


def _past(row: Row[Any], causes: tuple[Cause, ...]) -> PastEffect:
    return PastEffect(
        number=row.id,
        effect=effects.decode(row.document),
        state=row.state,
        attempts=row.attempts,
        asked_at=row.created_at,
        run_at=row.run_at,
        at=None if row.state == "pending" else row.applied_at,
        error=row.error,
        causes=causes,
    )


def _causes(connection: Connection, mine: ColumnElement[bool]) -> dict[int, list[Cause]]:
    rows = connection.execute(
        select(EffectCauseRow.effect, DeliveryRow)
        .join(EffectRow, EffectRow.id == EffectCauseRow.effect)
        .join(DeliveryRow, DeliveryRow.id == EffectCauseRow.delivery)
        .where(mine)
        .order_by(DeliveryRow.id)
    ).all()
    told = _events_of(connection, [row.id for row in rows])
    found: dict[int, list[Cause]] = defaultdict(list)
    for row in rows:
        cause = Cause(
            number=row.id,
            source=row.source,
            id=row.delivery_id,
            kind=row.kind,
            received_at=row.received_at,
            events=tuple(told[row.id]),
        )
        found[row.effect].append(cause)
    return found


def _events_of(connection: Connection, deliveries: Collection[int]) -> dict[int, list[Event]]:
    told: dict[int, list[Event]] = defaultdict(list)
    numbers: Sequence[int] = sorted(set(deliveries))
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        rows = connection.execute(
            select(EventRow.delivery, EventRow.document)
            .where(EventRow.delivery.in_(some))
            .order_by(EventRow.id)
        )
        for delivery, document in rows:
            told[int(delivery or 0)].append(_event(document))
    return told


def _event(document: str) -> Event:
    return events.decode(document.encode())
