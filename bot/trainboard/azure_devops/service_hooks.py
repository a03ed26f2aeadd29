"""The subscriptions of an organisation's projects that feed us, and what they did not tell."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from trainboard.azure_devops import hook_calls, notifications
from trainboard.azure_devops.changes import Place, render_delivery
from trainboard.azure_devops.changes.listing import list_changes
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.hook_events import HOOK_EVENTS, HookEvent
from trainboard.azure_devops.subscriptions import Match, Subscription, Target, compare, is_ours
from trainboard.errors import PermanentError
from trainboard.hooks import Hook, HookState
from trainboard.ledgers import Message, Sent

MOST_PROBATION_RETRIES = 7
"""After so many the service gives a subscription up. Source: "Troubleshoot service hooks"."""


class ServiceHooks:
    """Keeps `trainboard.hooks.Hooks`. No call is made before it is needed.

    Args:
        organization: where they are.
        projects: names of the projects that must be heard, each with those of its repositories that matter.
        target: where they send to.
        pinned: True if only subscriptions whose ids an operator wrote down are believed.
    """

    def __init__(
        self,
        organization: Organization,
        projects: Mapping[str, tuple[str, ...]],
        target: Target,
        *,
        pinned: bool = False,
    ) -> None:
        self._pinned = pinned
        self._organization = organization
        self._projects = projects
        self._target = target
        self._lock = threading.Lock()
        self._ids: dict[str, str] = {}

    def list_all(self) -> Sequence[Hook]:
        """What the projects need and the organisation offers, and how it stands."""
        events = self._list_events()
        subscriptions = hook_calls.list_subscriptions(self._organization)
        return [hook for project in self._projects for hook in self._compare(project, events, subscriptions)]

    def repair(self, hook: Hook) -> Hook:
        """Mend the subscription, or make it."""
        if hook.id is None and self._pinned:
            raise PermanentError(
                f"The subscription of {hook.place} to {hook.name} is missing, and a new one would not be "
                "believed: only those in azure_devops.subscriptions are. Run `trainboard init --azure`."
            )
        event = next(each for each in HOOK_EVENTS if each.name == hook.name)
        project_id = self._get_project_id(hook.place)
        if hook.id is None:
            found = hook_calls.create(self._organization, event, project_id, self._target)
        else:
            found = hook_calls.replace(self._organization, hook.id, event, project_id, self._target)
        return _render(hook.place, Match(project_id=project_id, wanted=event, found=found))

    def list_sent(self, since: datetime) -> Iterator[Sent]:
        """What could not be delivered, then what changed in the projects and is no part of that."""
        subscriptions = hook_calls.list_subscriptions(self._organization)
        told: set[tuple[str, str]] = set()
        if ours := [each.id for each in subscriptions if self._is_ours(each)]:
            for sent, thing in notifications.list_failed(self._organization, ours, since):
                told.add((sent.kind, thing))
                yield sent
        for project, repositories in self._projects.items():
            place = self._get_place(project)
            for change in list_changes(self._organization, place, since, repositories):
                if (change.event, change.thing) not in told:
                    yield render_delivery(change, place)

    def find_message(self, sent: Sent) -> Message | None:
        """What the list told already."""
        return sent.message

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self._organization.close()

    def _compare(
        self, project: str, events: Sequence[HookEvent], subscriptions: Sequence[Subscription]
    ) -> Iterator[Hook]:
        for match in compare(events, self._get_project_id(project), subscriptions, self._target):
            yield _render(project, match)

    def _list_events(self) -> list[HookEvent]:
        """Those that are offered: an old server lacks some, and classic releases can be switched off."""
        offer = hook_calls.list_offered(self._organization)
        offered = [each for each in HOOK_EVENTS if each.event in offer.get(each.publisher, ())]
        if not offered:
            raise PermanentError(
                f"{self._organization.url} offers none of the events of service hooks that we know. "
                "Check azure_devops.organization_url, and that service hooks are not switched off."
            )
        return offered

    def _is_ours(self, subscription: Subscription) -> bool:
        return any(is_ours(subscription, self._get_project_id(name), self._target) for name in self._projects)

    def _get_place(self, project: str) -> Place:
        url, id_ = self._organization.url, self._get_project_id(project)
        return Place(url=url, project=project, project_id=id_)

    def _get_project_id(self, name: str) -> str:
        with self._lock:
            if name not in self._ids:
                self._ids[name] = hook_calls.get_project_id(self._organization, name)
            return self._ids[name]


def _render(place: str, match: Match) -> Hook:
    id_ = None if match.found is None else match.found.id
    return Hook(place=place, name=match.wanted.name, state=match.state, id=id_, detail=_describe(match))


def _describe(match: Match) -> str:
    found = match.found
    if found is None:
        return "There is no such subscription."
    match match.state:
        case HookState.FAILING:
            last = found.last_probation_retry_at
            tried = f", the last at {last:%Y-%m-%d %H:%M} UTC" if last else ""
            retries = f"{found.probation_retries} of {MOST_PROBATION_RETRIES} tries"
            return f"It is on probation after {retries}{tried}."
        case HookState.WRONG:
            return f"It {', and '.join(match.faults)}."
        case HookState.WORKING:
            return ""
        case _:
            return f"Its status is {found.status}."
