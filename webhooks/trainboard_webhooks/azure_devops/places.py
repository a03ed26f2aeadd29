"""Where a thing lives: the names by which the bot knows an organisation and what is in it."""

import re
from urllib.parse import unquote, urlsplit

from trainboard_webhooks.payload import Payload

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_CONTAINERS = ("collection", "account", "server")
_NAME = re.compile(r"\w[\w .&'()+-]{0,99}")
_OWN_HOST = ".visualstudio.com"


def find_organization(payload: Payload) -> str | None:
    """The organisation's name, or the collection's on a server, in lower case; None if nothing tells it.

    Names of work items, pull requests and runs hold it and no project, because their numbers are
    unique in an organisation, and because a work item can be moved to another project.
    """
    bases = (payload.find("resourceContainers", name, "baseUrl") for name in _CONTAINERS)
    base = next(filter(None, bases), None)
    if base is not None:
        return _name_of(base.text())
    url = payload.find("resource", "url")
    before, found, _ = url.text().partition("/_apis/") if url else ("", "", "")
    return _name_of(before) if found else None


def find_word(payload: Payload, *keys: str) -> str | None:
    """The text, number or boolean under `keys` as text, None if it is missing or empty."""
    value = payload.find(*keys)
    return (value.word() or None) if value is not None else None


def _name_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if host.endswith(_OWN_HOST):
        name = host.partition(".")[0]
    else:
        steps = [step for step in parts.path.split("/") if step and not GUID.fullmatch(step)]
        name = unquote(steps[-1]) if steps else ""
    return name.lower() if _NAME.fullmatch(name) else None
