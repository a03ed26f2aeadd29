"""What changed in a project, told as the service hooks would have told it.

What a subscription on probation drops is nowhere kept, but what it would have told of stands in the
project. A change has the shape of a hook's delivery, so that it is understood in the same way, and its
event is known to be the same if the delivery comes after all.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

import msgspec
import structlog

from trainboard.azure_devops.hook_events import HOOK_EVENTS
from trainboard.errors import PayloadError
from trainboard.ledgers import Message, Sent

SUBSCRIPTION = UUID("7b1f6c52-5c0e-5a3e-9a44-3d2f0a6e8c11")
"""Stands where a delivery has the id of its subscription; no service makes ids of this version."""

_PUBLISHED = {each.event: each for each in HOOK_EVENTS}
_NUMBERS = 2**53

Thing = TypeVar("Thing")

_log = structlog.get_logger(__name__)
_DIGITS = re.compile(r"(\.\d{6})\d+")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change that an event tells of.

    `thing` tells it from all others of its event; `resource` is what the delivery would have held.
    """

    event: str
    thing: str
    at: datetime
    resource: Mapping[str, Any]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A project: its organisation's address, its name and its id."""

    url: str
    project: str
    project_id: str


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A list as Azure DevOps writes it, each thing as it came."""

    value: list[dict[str, Any]]


def read_each(things: Iterable[Thing], describe: Callable[[Thing], Iterable[Change]]) -> Iterator[Change]:
    """What `describe` makes of each. One that is not as it should be is left out, and named in the log."""
    for thing in things:
        try:
            yield from list(describe(thing))
        except (LookupError, TypeError, ValueError, AttributeError):
            _log.warning("a change in Azure DevOps could not be read", exc_info=True)


def read_moment(text: object) -> datetime:
    """A moment of an answer, which may have seven digits behind the second.

    Raises:
        PayloadError: it is none.
    """
    try:
        moment = datetime.fromisoformat(_DIGITS.sub(r"\1", str(text)))
    except ValueError as error:
        raise PayloadError(f"{str(text)[:40]!r} is no moment") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def render_delivery(change: Change, place: Place) -> Sent:
    """The change as a delivery that its sender remembers."""
    published = _PUBLISHED[change.event]
    unique = uuid5(SUBSCRIPTION, f"{place.url.lower()}/{change.event}/{change.thing}")
    number = unique.int % _NUMBERS
    url = f"{place.url}/"
    body = {
        "subscriptionId": str(SUBSCRIPTION),
        "notificationId": number,
        "id": str(unique),
        "eventType": change.event,
        "publisherId": published.publisher,
        "resource": change.resource,
        "resourceVersion": published.version,
        "resourceContainers": {
            "collection": {"id": str(UUID(int=0)), "baseUrl": url},
            "project": {"id": place.project_id, "baseUrl": url},
        },
        "createdDate": change.at.isoformat(),
    }
    return Sent(
        ref=f"{SUBSCRIPTION}/{number}",
        id=f"{SUBSCRIPTION}/{number}",
        kind=change.event,
        at=change.at,
        message=Message(headers={}, body=json.dumps(body).encode()),
    )
