"""Repositories that get another name or another owner.

Source: GitHub, "Webhook events and payloads", section `repository`.
"""

from collections.abc import Iterator

from trainboard.events import Event, RepositoryMoved
from trainboard_webhooks.github.places import address_of
from trainboard_webhooks.payload import Payload


def read_repository(payload: Payload) -> Iterator[Event]:
    """The name before and the name now; nothing for anything else that may become of a repository."""
    full_name = payload["repository"]["full_name"].text()
    owner, _, name = full_name.partition("/")
    match payload["action"].text():
        case "renamed":
            name = payload["changes"]["repository"]["name"]["from"].text()
        case "transferred":
            owner = _former_owner(payload["changes"]["owner"]["from"])
        case _:
            return
    yield RepositoryMoved(
        old=address_of(f"{owner}/{name}"),
        new=address_of(full_name),
        at=payload["repository"]["updated_at"].time(),
    )


def _former_owner(former: Payload) -> str:
    return (former.find("organization") or former["user"])["login"].text()
