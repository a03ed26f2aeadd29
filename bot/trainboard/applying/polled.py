"""What we found out ourselves comes in like what was told: as deliveries, which the same handlers work on."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from trainboard import events
from trainboard.applying import Outside
from trainboard.deliveries import Delivery
from trainboard.events import Event, ModelChanged
from trainboard.store import inbox, mailboxes

POLL_SOURCE = "poll"


def make_delivery(place: str, kind: str, entity: str, event: Event, *, id_: str = "") -> Delivery:
    """A delivery that tells of the event, once however often it is found.

    Args:
        place: what was looked at.
        kind: of what is told.
        entity: what it is about; what is about one is worked on in its order.
        event: what is told.
        id_: tells it from all others; left out, what it says does.
    """
    body = events.encode(event)
    return Delivery(
        source=f"{POLL_SOURCE}/{place}",
        id=id_ or hashlib.sha256(body).hexdigest(),
        kind=kind,
        entity=entity,
        body=body,
    )


def make_model_delivery(told: ModelChanged) -> Delivery:
    """What a registry tells when it is asked, worked on in order with all that is told of the model."""
    return make_delivery(told.door, "model", f"{told.door}/model/{told.model}", told)


def put(connection: Connection, deliveries: Iterable[Delivery], now: datetime) -> set[str]:
    """Deliveries are in the inbox; answers the mailboxes to wake when the transaction is over."""
    held = list(deliveries)
    names = {f"in:{delivery.entity}" for delivery in held}
    mailboxes.lock(connection, names)
    for delivery in held:
        inbox.put(connection, delivery, now)
    return names


def accept(deliveries: Iterable[Delivery], outside: Outside, now: datetime) -> None:
    """The same in a transaction of its own, and somebody works on them."""
    held = list(deliveries)
    if not held:
        return
    with outside.database.write() as connection:
        names = put(connection, held, now)
    for mailbox in names:
        outside.wake(mailbox, now)
