"""Whose a delivery is: repositories, accounts, commits and senders; and addresses to point people to."""

import re

from trainboard.errors import PayloadError
from trainboard_webhooks.payload import Payload

_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ACCOUNTS = (("installation", "account"), ("organization",), ("enterprise",))
_MAX_URL_CHARACTERS = 2000


def address_of(repository: str) -> str:
    """The bot's name of a repository, as of its tracker and of its code.

    Raises:
        PayloadError: it is no name of a repository.
    """
    if not _REPOSITORY.fullmatch(repository):
        raise PayloadError("$.repository.full_name must be owner/repository")
    return f"github:{repository}"


def is_commit(text: str) -> bool:
    """True for the full hash of a commit, SHA-1 or SHA-256."""
    return _COMMIT.fullmatch(text) is not None


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


def get_commit(payload: Payload, key: str) -> str:
    """The commit's full hash under `key`."""
    commit = payload[key].text()
    if not is_commit(commit):
        raise PayloadError(f"{key} must be the full hash of a commit")
    return commit


def text_at(payload: Payload, *keys: str) -> str:
    """The text under `keys`, empty where it is missing or null."""
    value = payload.find(*keys)
    return "" if value is None else value.text()


def url_at(payload: Payload, *keys: str) -> str:
    """The address of a page, empty where there is none that a browser should be sent to."""
    url = text_at(payload, *keys)
    is_page = url.startswith(("https://", "http://")) and len(url) <= _MAX_URL_CHARACTERS
    return url if is_page else ""


def is_by_bot(payload: Payload) -> bool:
    """True if an App or another bot did what the delivery tells of."""
    return text_at(payload, "sender", "type") == "Bot"
