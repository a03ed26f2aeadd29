"""Subscriptions of service hooks: those that a project needs, compared with those that it has. Pure.

Source: "Subscriptions" of the service hooks' REST API, and "Service hooks consumers", "Web Hooks".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from trainboard.azure_devops.hook_events import FILTERS, NOTIFICATION_TYPE, HookEvent
from trainboard.hooks import HookState

CONSUMER, ACTION = "webHooks", "httpRequest"
PROJECT = "projectId"
USER, DETAILS, ALL_DETAILS = "basicAuthUsername", "resourceDetailsToSend", "all"

_STATES = {
    "enabled": HookState.WORKING,
    "onprobation": HookState.FAILING,
    "disabledbysystem": HookState.STOPPED,
    "disabledbyinactiveidentity": HookState.STOPPED,
}
"""By the status in lower case. Any other is somebody's choice, `disabledByUser` among them."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where deliveries go, and with what they prove themselves."""

    url: str
    user: str
    password: str

    @property
    def inputs(self) -> dict[str, str]:
        """What the consumer of a subscription is told.

        Whole resources, because we read them; no messages, because nobody reads them.
        """
        return {
            "url": self.url,
            USER: self.user,
            "basicAuthPassword": self.password,
            DETAILS: ALL_DETAILS,
            "messagesToSend": "none",
            "detailedMessagesToSend": "none",
        }


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as the service shows it. Secret inputs are masked, or left out."""

    id: str
    publisher: str
    event: str
    version: str
    status: str
    consumer: str
    action: str
    publisher_inputs: Mapping[str, str]
    consumer_inputs: Mapping[str, str]
    probation_retries: int = 0
    last_probation_retry_at: datetime | None = None

    @property
    def project_id(self) -> str:
        """The project that it listens to, in small letters; empty for one of a whole organisation."""
        return (self.publisher_inputs.get(PROJECT) or "").lower()

    @property
    def filters(self) -> dict[str, str]:
        """The inputs that narrow what is sent."""
        set_inputs = {key: value for key, value in self.publisher_inputs.items() if key in FILTERS and value}
        return {key: value for key, value in set_inputs.items() if value.lower() != "false"}

    @property
    def state(self) -> HookState:
        """What its status means, whatever it asks for."""
        return _STATES.get(self.status.lower(), HookState.SWITCHED_OFF)


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription that a project needs, and the one that it has for it, None if there is none.

    `faults` say what is wrong with the latter, each as the end of a sentence that begins with "it". Its
    password is no part of the comparison: nobody is shown it.
    """

    project_id: str
    wanted: HookEvent
    found: Subscription | None = None
    faults: tuple[str, ...] = ()

    @property
    def state(self) -> HookState:
        """How it stands. What people switched off is left alone, whatever it asks for."""
        if self.found is None:
            return HookState.MISSING
        if self.faults and self.found.state is HookState.WORKING:
            return HookState.WRONG
        return self.found.state


def compare(
    events: Sequence[HookEvent], project_id: str, subscriptions: Iterable[Subscription], target: Target
) -> list[Match]:
    """What the project has of what it needs, in the order of `events`.

    Only what sends to our address is looked at. Of several that would do, one that asks for the right
    thing comes before one that asks for another, and one that works before one that does not.
    """
    ours = [each for each in subscriptions if is_ours(each, project_id, target)]
    left = sorted(ours, key=lambda each: each.state is not HookState.WORKING)
    taken: dict[HookEvent, Subscription] = {}
    for is_near in (_is_right, _is_same_kind, _is_same_event):
        for event in events:
            near = [each for each in left if is_near(event, each)]
            if near and event not in taken:
                taken[event] = near[0]
                left.remove(near[0])
    return [_match(event, project_id, taken.get(event), target) for event in events]


def is_ours(subscription: Subscription, project_id: str, target: Target) -> bool:
    """True for one of the project that sends to our address; no other tool does."""
    url = subscription.consumer_inputs.get("url") or ""
    return (
        (subscription.consumer, subscription.action) == (CONSUMER, ACTION)
        and subscription.project_id == project_id.lower()
        and _comparable(url) == _comparable(target.url)
    )


def _match(event: HookEvent, project_id: str, found: Subscription | None, target: Target) -> Match:
    faults = () if found is None else tuple(_list_faults(event, found, target))
    return Match(project_id=project_id, wanted=event, found=found, faults=faults)


def _list_faults(event: HookEvent, found: Subscription, target: Target) -> Iterator[str]:
    if found.version != event.version:
        yield f"asks for version {found.version or '?'} of the resource and not for {event.version}"
    if found.filters != event.filters:
        yield f"is narrowed by {_render(found.filters)} and not by {_render(event.filters)}"
    if found.consumer_inputs.get(USER) != target.user:
        yield "signs in as somebody else"
    if (found.consumer_inputs.get(DETAILS) or ALL_DETAILS).lower() != ALL_DETAILS:
        yield "sends less than the whole resource"


def _is_right(event: HookEvent, found: Subscription) -> bool:
    return _is_same_event(event, found) and found.filters == event.filters and found.version == event.version


def _is_same_kind(event: HookEvent, found: Subscription) -> bool:
    kind = found.filters.get(NOTIFICATION_TYPE, "")
    return _is_same_event(event, found) and kind == event.notification_type


def _is_same_event(event: HookEvent, found: Subscription) -> bool:
    return (event.publisher, event.event) == (found.publisher, found.event)


def _comparable(url: str) -> tuple[str, str, str]:
    """An address without what may be written in two ways."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/")


def _render(filters: Mapping[str, str]) -> str:
    return ", ".join(f"{key} = {value}" for key, value in sorted(filters.items())) or "nothing"
