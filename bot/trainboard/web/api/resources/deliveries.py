"""What came in, and what came of it."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from werkzeug.exceptions import NotFound

from trainboard.runs import Time
from trainboard.store import delivery_log
from trainboard.store.delivery_log import CausedEffect, DeliveryFilter, LoggedEvent
from trainboard.store.delivery_log import DeliveryLine as KnownDelivery
from trainboard.web.api.asking import Number, Word
from trainboard.web.api.operations import operation
from trainboard.web.api.paging import Paged, RowNumber, make_cursor, read_cursor
from trainboard.web.delivery_pages import MAX_BODY_BYTES, readable
from trainboard.web.replay_page import replay
from trainboard.web.site import Site

State = Literal["waiting", "done", "dead"]


class EffectCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many effects of a kind a delivery caused that stand in a state: pending, applied or dead."""

    kind: str
    state: str
    count: int


class DeliveryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery. `number` is ours and grows, `id` its sender's.

    `entity` is what it is about, as far as that was known when it came. `next_try_at` is null for what is
    not waiting, `error` says why it was given up or what else there is to say of it.
    """

    number: int
    source: str
    id: str
    kind: str
    entity: str
    state: State
    attempts: int
    received_at: Time
    next_try_at: Time | None
    finished_at: Time | None
    error: str | None


class DeliveryInList(DeliveryLine, frozen=True, kw_only=True):
    """A delivery, with what it caused counted."""

    effects: tuple[EffectCount, ...]


class DeliveryList(msgspec.Struct, frozen=True, kw_only=True):
    """Deliveries, the latest first; `next` is the cursor to the older ones, null on the last page."""

    deliveries: tuple[DeliveryInList, ...]
    next: str | None


class ToldEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What a delivery told of; `at` is the sender's time."""

    kind: str
    subject: str
    at: Time


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be true outside because of a delivery, and whether it is."""

    kind: str
    key: str
    state: Literal["pending", "applied", "dead"]
    attempts: int
    next_try_at: Time | None
    applied_at: Time | None
    error: str | None


class DeliveryDetails(DeliveryLine, frozen=True, kw_only=True):
    """A delivery with all that is known of it.

    `body` is its text, indented where it is JSON, of at most 100,000 characters, else `body_is_cut`; null
    where it was deleted.
    """

    body: str | None
    body_is_cut: bool
    events: tuple[ToldEvent, ...]
    effects: tuple[Effect, ...]


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that waits to be worked on once more."""

    delivery: int
    state: Literal["waiting"] = "waiting"


class DeliveriesAsked(Paged, frozen=True, kw_only=True):
    """Which deliveries."""

    state: (
        Annotated[
            Literal["waiting", "done", "dead", "failed"],
            Meta(description="`failed` are those with an effect that was given up; without it all."),
        ]
        | None
    ) = None
    source: Annotated[Word, Meta(description="By which source it came, such as `mlflow/prod`.")] | None = None
    id: Annotated[Word, Meta(description="What its sender calls it.")] | None = None
    ticks: Annotated[
        bool,
        Meta(
            description="Also those of the bot's own clock and polls, which are left out where nothing else "
            "is asked for."
        ),
    ] = False


class DeliveryAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which delivery."""

    number: Annotated[Number, Meta(description="Our number of the delivery.")]


@operation("/api/v1/deliveries", scope="deliveries:read", group="Deliveries")
def list_deliveries(site: Site, asked: DeliveriesAsked) -> DeliveryList:
    """What came in, the latest first, by state, source or id."""
    wanted = DeliveryFilter(
        state=asked.state or "",
        source=asked.source or "",
        id=asked.id or "",
        ticks=asked.ticks,
        before=read_cursor(asked, RowNumber),
    )
    with site.database.read() as connection:
        page = delivery_log.list_page(connection, wanted, asked.limit)
    more = page.next_before
    return DeliveryList(
        deliveries=tuple(map(_in_list, page.lines)),
        next=None if more is None else make_cursor(asked, more),
    )


@operation("/api/v1/deliveries/{number}", scope="deliveries:read", group="Deliveries")
def get_delivery(site: Site, asked: DeliveryAsked) -> DeliveryDetails:
    """One delivery with its body, the events that it told of, and every effect that it caused."""
    with site.database.read() as connection:
        known = delivery_log.find_details(connection, asked.number)
    if known is None:
        raise NotFound("No delivery of that number came in, or it was deleted.")
    body = None if known.body is None else readable(known.body)
    return DeliveryDetails(
        **_members(known.line),
        body=body,
        body_is_cut=body is not None and len(body) >= MAX_BODY_BYTES,
        events=tuple(map(_event, known.events)),
        effects=tuple(map(_effect, known.effects)),
    )


@operation("/api/v1/deliveries/{number}/replay", method="POST", scope="deliveries:replay", group="Deliveries")
def replay_delivery(site: Site, asked: DeliveryAsked) -> Replay:
    """Work on a delivery once more; what is true already is not done again.

    It waits when this is answered: its state says what became of it. Where nobody signs in, nobody may.
    """
    replay(site, asked.number)
    return Replay(delivery=asked.number)


def _in_list(line: KnownDelivery) -> DeliveryInList:
    counted = tuple(EffectCount(kind=kind, state=state, count=count) for kind, state, count in line.effects)
    return DeliveryInList(**_members(line), effects=counted)


def _members(line: KnownDelivery) -> dict[str, Any]:
    told = msgspec.structs.asdict(line)
    due_at = told.pop("run_at")
    del told["effects"]
    return told | {"next_try_at": due_at if line.state == "waiting" else None}


def _event(event: LoggedEvent) -> ToldEvent:
    return ToldEvent(**msgspec.structs.asdict(event))


def _effect(effect: CausedEffect) -> Effect:
    told = msgspec.structs.asdict(effect)
    due_at = told.pop("run_at")
    return Effect(**told, next_try_at=due_at if effect.state == "pending" else None)
