"""What service hooks could not deliver, with all that was to be sent.

Source: "Notifications", "Query", of the service hooks' REST API.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.clients import Clients
from trainboard.azure_devops.models import service_hooks as models
from trainboard.ledgers import Message, Sent

MOST = 1000


class _Details(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    event: dict[str, Any] | None = None


class Notification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One attempt to tell a subscription of an event. Its number is unique within the subscription."""

    id: int
    subscription_id: str
    created_date: datetime
    details: _Details | None = None


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    results: list[Notification] | None = None


def list_failed(
    organization: Organization, subscription_ids: list[str], since: datetime
) -> Iterator[tuple[Sent, str]]:
    """What was refused, at most `MOST`, each with the thing that it is about as `Change` names it.

    The thing is empty where it is not known; what holds no event is left out.
    """
    call = Call(doing="list what service hooks could not deliver")
    query = models.NotificationsQuery(
        subscription_ids=subscription_ids,
        min_created_date=since,
        max_results=MOST,
        result_type="failed",
        include_details=True,
    )
    found = organization.read(call, partial(_send, query), _Answer)
    for each in found.results or ():
        if each.details is not None and each.details.event is not None:
            yield _render(each, each.details.event), _find_thing(each.details.event)


def _send(query: object, clients: Clients) -> object:
    return clients.service_hooks.query_notifications(query)


def _render(notification: Notification, event: dict[str, Any]) -> Sent:
    """The event as the body that was sent: the same, with the ids of its delivery."""
    subscription = notification.subscription_id.lower()
    id_ = f"{subscription}/{notification.id}"
    body = {**event, "subscriptionId": subscription, "notificationId": notification.id}
    return Sent(
        ref=id_,
        id=id_,
        kind=str(event.get("eventType") or ""),
        at=notification.created_date,
        message=Message(headers={}, body=json.dumps(body).encode()),
    )


def _find_thing(event: dict[str, Any]) -> str:
    resource = event.get("resource")
    if not isinstance(resource, dict):
        return ""
    kind = str(event.get("eventType") or "")
    number = resource.get("workItemId" if kind == "workitem.updated" else "id")
    return f"{number}/{resource.get('rev' if kind.startswith('workitem.') else 'finishTime')}"
