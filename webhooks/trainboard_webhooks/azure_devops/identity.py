"""What a notification is about, and when two of them tell of one event.

An organisation may have several subscriptions for one event, and a comment on a work item is told as
`workitem.commented` and as `workitem.updated`. What a subscription sends is rendered when it is sent,
not when it happened, so that bodies cannot be compared: numbers, revisions and states are.
"""

import re

from trainboard.errors import PayloadError
from trainboard.fingerprints import fingerprint
from trainboard_webhooks import Identity
from trainboard_webhooks.azure_devops.places import GUID, find_organization, find_word
from trainboard_webhooks.azure_devops.shapes import SHAPES, find_number
from trainboard_webhooks.azure_devops.work_items import find_comment
from trainboard_webhooks.payload import Payload, shorten

_NAME = "azure-devops"
_KIND = re.compile(r"[A-Za-z0-9._-]{1,128}")
_NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_COLLECTION_OF_SAMPLES = "c12d0eb8-e382-443b-9f9c-c52cba5014c2"
_UNKNOWN = "?"


def identify_notification(payload: Payload) -> Identity | None:
    """The notification's identity; None for the sample of the *Test* button.

    Raises:
        PayloadError: it does not say which notification of which subscription it is, or of what.
    """
    subscription, kind = payload["subscriptionId"].text().lower(), payload["eventType"].text()
    if not GUID.fullmatch(subscription):
        raise PayloadError("$.subscriptionId must be a GUID")
    if not _KIND.fullmatch(kind):
        raise PayloadError("$.eventType must be the name of an event")
    if _is_sample(subscription, payload):
        return None
    _check_version(kind, payload)
    organization = find_organization(payload) or _UNKNOWN
    return Identity(
        id=f"{subscription}/{payload['notificationId'].integer()}",
        kind=kind,
        entity=shorten(_entity(kind, organization, payload)),
        event_key=_event_key(kind, organization, payload),
        hook=subscription,
    )


def _is_sample(subscription: str, payload: Payload) -> bool:
    """True for what *Test* sends: before the subscription is made it has none, afterwards its own.

    The sample's collection is the same one in every organisation, and nobody's.
    """
    collection = find_word(payload, "resourceContainers", "collection", "id") or ""
    return subscription == _NO_SUBSCRIPTION or collection.lower() == _COLLECTION_OF_SAMPLES


def _check_version(kind: str, payload: Payload) -> None:
    version = find_word(payload, "resourceVersion") or ""
    if kind == "build.complete" and version.startswith("1."):
        raise PayloadError(
            f"build.complete of resource version {shorten(version, 40)} is of XAML builds: "
            "set the subscription's resource version to 2.0"
        )


def _entity(kind: str, organization: str, payload: Payload) -> str:
    number = find_number(kind, payload)
    return SHAPES[kind].place.format(organization) + number if number else f"{_NAME}:{organization}"


def _event_key(kind: str, organization: str, payload: Payload) -> str | None:
    number, event = find_number(kind, payload), find_word(payload, "id")
    comment = find_comment(kind, payload)
    if number and comment:
        return _key("comment", organization, number, *comment)
    paths = SHAPES[kind].marks if number else ()
    marks = [find_word(payload, "resource", *path) or "" for path in paths]
    if number and any(marks[:1]):
        return _key(kind, organization, number, *marks)
    return _key(kind, organization, "id", event) if event else None


def _key(kind: str, *parts: str) -> str:
    return f"{_NAME}:{kind}:{fingerprint(*parts)}"
