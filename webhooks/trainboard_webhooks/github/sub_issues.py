"""Issues below other issues, also of another repository.

GitHub tells of each change twice: of the sub-issue in its repository, and of its parent in the parent's.

Source: GitHub, "Webhook events and payloads", section `sub_issues`.
"""

from collections.abc import Iterator

from trainboard.events import Event, ParentChanged
from trainboard_webhooks.github.places import address_of, get_repository
from trainboard_webhooks.payload import Payload

_LINKED = {
    "sub_issue_added": True,
    "parent_issue_added": True,
    "sub_issue_removed": False,
    "parent_issue_removed": False,
}


def read_sub_issues(payload: Payload) -> Iterator[Event]:
    """What is below what; nothing for an action that is not known.

    The time is that of the issue of the two that changed last, for no other one is told.
    """
    action = payload["action"].text()
    if action not in _LINKED:
        return
    child, parent = payload["sub_issue"], payload["parent_issue"]
    yield ParentChanged(
        tracker=_tracker(payload, "sub_issue_repo"),
        ref=str(child["number"].integer()),
        parent_tracker=_tracker(payload, "parent_issue_repo"),
        parent=str(parent["number"].integer()),
        linked=_LINKED[action],
        at=max(child["updated_at"].time(), parent["updated_at"].time()),
    )


def _tracker(payload: Payload, key: str) -> str:
    """The repository of one side; that of the delivery where it is not told."""
    told = payload.find(key, "full_name")
    return address_of(told.text()) if told else get_repository(payload)
