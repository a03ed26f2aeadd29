"""Where the App is installed.

Source: GitHub, "Webhook events and payloads".
"""

from collections.abc import Iterator

from trainboard.events import Event, InstallationChanged
from trainboard_webhooks.github.places import account_of
from trainboard_webhooks.payload import Payload


def read_installation(payload: Payload) -> Iterator[Event]:
    """The App came to an account or left it, with all of its repositories there."""
    action = payload["action"].text()
    repositories = _names(payload, "repositories")
    yield InstallationChanged(
        account=account_of(payload),
        action=action,
        added=repositories if action == "created" else (),
        removed=repositories if action == "deleted" else (),
    )


def read_installation_repositories(payload: Payload) -> Iterator[Event]:
    """The App came to some repositories of an account, or left them."""
    yield InstallationChanged(
        account=account_of(payload),
        action=payload["action"].text(),
        added=_names(payload, "repositories_added"),
        removed=_names(payload, "repositories_removed"),
    )


def _names(payload: Payload, key: str) -> tuple[str, ...]:
    return tuple(repository["full_name"].text() for repository in payload.find(key) or ())
