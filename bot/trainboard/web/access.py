"""Who may see the pages where nobody signs in: by default only this machine."""

from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Literal
from urllib.parse import urlsplit

import flask
from werkzeug.exceptions import Forbidden, NotFound

Access = Literal["local", "public", "sign-in", "off"]

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


class NotLocalError(Forbidden):
    """The pages are for this machine only, and the request comes from elsewhere."""

    description = (
        "Nobody signs in to these pages, so they answer only on the machine that Trainboard runs on, at "
        'http://localhost. To let people sign in from elsewhere, set server.dashboard = "sign-in" in '
        "trainboard.toml and say how. To open them to everybody who reaches the port, set "
        'server.dashboard = "public" with a proxy in front that asks who people are.'
    )
    code = HTTPStatus.FORBIDDEN


def guard(access: Access) -> None:
    """Refuse the current request unless `access` lets it in.

    A web page elsewhere can make its visitor's browser ask us under a name of its own (DNS rebinding),
    and a proxy or tunnel on this machine asks for somebody else: neither counts as local.

    Raises:
        NotFound: nobody may see the pages; with "sign-in" an `Entrance` decides, and not this.
        NotLocalError: only this machine may.
    """
    if access in {"off", "sign-in"}:
        raise NotFound
    request = flask.request
    asked_locally = is_loopback(request.remote_addr) and is_local_host(request.headers.get("Host", ""))
    if access == "local" and (not asked_locally or any(name in request.headers for name in _FORWARDED)):
        raise NotLocalError


def is_loopback(address: str | None) -> bool:
    """True for an IP address of this machine itself, also an IPv4 one written as IPv6."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return parsed.is_loopback


def is_local_host(host: str) -> bool:
    """True if the Host header `host`, with or without a port, names this machine."""
    try:
        return urlsplit(f"//{host}").hostname in _LOCAL_NAMES
    except ValueError:
        return False
