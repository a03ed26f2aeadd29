"""Subscriptions of service hooks: listed, made and changed. One call each.

Source: "Subscriptions", "Publishers" and "Notifications" of the service hooks' REST API.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.hook_events import HookEvent
from trainboard.azure_devops.models import service_hooks as models
from trainboard.azure_devops.subscriptions import ACTION, CONSUMER, PROJECT, Subscription, Target
from trainboard.errors import PermanentError

NEEDED = (
    'Who signs in needs "View subscriptions" and "Edit subscriptions" in the project, which its '
    "administrators have and may give."
)

Offer = Mapping[str, frozenset[str]]
"""The events of each publisher."""


def list_subscriptions(organization: Organization) -> list[Subscription]:
    """All subscriptions that post to some address, whoever made them, in every project that we see."""
    call = Call(doing="list the subscriptions of service hooks")
    with _permission_named():
        found = organization.ask(
            call,
            lambda clients: clients.service_hooks.list_subscriptions(
                consumer_id=CONSUMER, consumer_action_id=ACTION
            ),
        )
    return [_read(each) for each in found]


def list_offered(organization: Organization) -> Offer:
    """What may be subscribed to: publishers come and go with what is switched on in an organisation."""
    call = Call(doing="list the publishers of service hooks")
    found = organization.ask(call, lambda clients: clients.service_hooks.list_publishers())
    return {each.id: frozenset(event.id for event in each.supported_events or ()) for each in found}


def get_project_id(organization: Organization, name: str) -> str:
    """The id of the project of that name.

    Raises:
        MissingError: there is none, or it is not shown to us.
    """
    call = Call(doing=f"find the project {name}", thing=f"the project {name}")
    found = organization.ask(call, lambda clients: clients.core.get_project(name))
    return str(found.id)


def get_account(organization: Organization) -> str:
    """The name of who signs in."""
    call = Call(doing="sign in")
    found = organization.ask(call, lambda clients: clients.location.get_connection_data())
    return str(found.authenticated_user.provider_display_name or found.authenticated_user.id)


def create(organization: Organization, event: HookEvent, project_id: str, target: Target) -> Subscription:
    """Make a subscription. Twice makes two: look first."""
    call = Call(doing=f"subscribe to {event.name}", writes=True)
    wanted = _write(event, project_id, target)
    with _permission_named():
        return _read(
            organization.ask(call, lambda clients: clients.service_hooks.create_subscription(wanted))
        )


def replace(
    organization: Organization, id_: str, event: HookEvent, project_id: str, target: Target
) -> Subscription:
    """Make a subscription ask for the event, and enable it. Its id stays."""
    call = Call(doing=f"mend the subscription to {event.name}", writes=True, thing=f"the subscription {id_}")
    wanted = _write(event, project_id, target)
    wanted.id = id_
    with _permission_named():
        return _read(
            organization.ask(call, lambda clients: clients.service_hooks.replace_subscription(wanted, id_))
        )


def _write(event: HookEvent, project_id: str, target: Target) -> Any:
    return models.Subscription(
        publisher_id=event.publisher,
        event_type=event.event,
        resource_version=event.version,
        consumer_id=CONSUMER,
        consumer_action_id=ACTION,
        publisher_inputs={PROJECT: project_id, **event.filters},
        consumer_inputs=target.inputs,
        status="enabled",
    )


def _read(found: Any) -> Subscription:
    return Subscription(
        id=found.id,
        publisher=found.publisher_id or "",
        event=found.event_type or "",
        version=found.resource_version or "",
        status=str(found.status or ""),
        consumer=found.consumer_id or "",
        action=found.consumer_action_id or "",
        publisher_inputs=found.publisher_inputs or {},
        consumer_inputs=found.consumer_inputs or {},
        probation_retries=int(found.probation_retries or 0),
        last_probation_retry_at=found.last_probation_retry_date,
    )


@contextmanager
def _permission_named() -> Iterator[None]:
    """A refusal names no permission, so we do."""
    try:
        yield
    except PermanentError as error:
        raise PermanentError(f"{error} {NEEDED}") from error
