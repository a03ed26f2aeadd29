"""Repositories that get another name or another owner, are archived or deleted.

Source: GitHub, "Webhook events and payloads", section `repository`.
"""

from collections.abc import Iterator

from trainboard.events import Event, RepositoryChanged, RepositoryMoved
from trainboard.pull_requests import RepositoryState
from trainboard_webhooks.github.places import address_of
from trainboard_webhooks.payload import Payload

_STATES: dict[str, RepositoryState] = {
    "archived": "read-only",
    "unarchived": "writable",
    "deleted": "gone",
}


def read_repository(payload: Payload) -> Iterator[Event]:
    """The name before and the name now, or whether it can be written to; nothing for anything else."""
    full_name = payload["repository"]["full_name"].text()
    owner, _, name = full_name.partition("/")
    match payload["action"].text():
        case "renamed":
            name = payload["changes"]["repository"]["name"]["from"].text()
        case "transferred":
            owner = _former_owner(payload["changes"]["owner"]["from"])
        case action:
            if action in _STATES:
                yield RepositoryChanged(
                    code=address_of(full_name),
                    state=_STATES[action],
                    at=payload["repository"]["updated_at"].time(),
                )
            return
    yield RepositoryMoved(
        old=address_of(f"{owner}/{name}"),
        new=address_of(full_name),
        at=payload["repository"]["updated_at"].time(),
    )


def _former_owner(former: Payload) -> str:
    return (former.find("organization") or former["user"])["login"].text()
