"""Whose a delivery is: repositories, accounts and senders."""

import re

from trainboard.errors import PayloadError
from trainboard_webhooks.payload import Payload

_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_ACCOUNTS = (("installation", "account"), ("organization",), ("enterprise",))


def address_of(repository: str) -> str:
    """The bot's name of a repository, as of its tracker and of its code.

    Raises:
        PayloadError: it is no name of a repository.
    """
    if not _REPOSITORY.fullmatch(repository):
        raise PayloadError("$.repository.full_name must be owner/repository")
    return f"github:{repository}"


def get_repository(payload: Payload) -> str:
    """The bot's name of the repository that the delivery is about."""
    return address_of(payload["repository"]["full_name"].text())


def account_of(payload: Payload) -> str:
    """The login or the slug of the account that the delivery is about, empty if it names none."""
    for path in _ACCOUNTS:
        name = payload.find(*path, "login") or payload.find(*path, "slug")
        if name is not None:
            return name.text()
    return ""


def text_at(payload: Payload, *keys: str) -> str:
    """The text under `keys`, empty where it is missing or null."""
    value = payload.find(*keys)
    return "" if value is None else value.text()


def is_by_bot(payload: Payload) -> bool:
    """True if an App or another bot did what the delivery tells of."""
    return text_at(payload, "sender", "type") == "Bot"
