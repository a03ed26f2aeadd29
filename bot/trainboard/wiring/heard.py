"""Which projects of Azure DevOps must be heard, and whether it would send to us at all.

Source: "Service hooks consumers", "Web Hooks": neither this machine nor special-range addresses.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from trainboard.settings import Project, find_azure_place

PATH = "/webhooks/azure-devops"

Heard = Mapping[str, tuple[str, ...]]


def list_heard(projects: Iterable[Project]) -> dict[str, tuple[str, ...]]:
    """The projects of Azure DevOps that ours live in, each with the repositories of their code."""
    heard: dict[str, tuple[str, ...]] = {}
    for project in projects:
        for text in (project.tracker, project.code):
            place = find_azure_place(text)
            if place is not None:
                code = (place.name,) if text == project.code else ()
                heard[place.project] = tuple(dict.fromkeys((*heard.get(place.project, ()), *code)))
    return heard


def find_obstacle(public_url: str) -> str | None:
    """Why service hooks cannot be sent to the server at `public_url`, as a sentence; None if they can.

    What a name stands for is not looked up.
    """
    if not public_url:
        return "Service hooks need an address to be sent to: set server.public_url."
    parts = urlsplit(public_url)
    host = (parts.hostname or "").rstrip(".")
    if is_special(host):
        return (
            f"Azure DevOps sends no service hooks to {host}: it refuses localhost and addresses of "
            "private or special ranges. Set server.public_url to the address under which this server is "
            "reached from the internet."
        )
    if parts.scheme != "https":
        return (
            f"Service hooks carry a password, and {public_url} would send it in the clear. Put TLS in front, "
            "and set server.public_url to the https address."
        )
    return None


def is_special(host: str) -> bool:
    """True for this machine and addresses of private or special ranges."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
