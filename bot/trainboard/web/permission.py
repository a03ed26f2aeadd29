"""What whoever asks may do. Any address may call `require`."""

from typing import Any

import flask
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from trainboard.visitors import Right, Visitor
from trainboard.web.api import find_scope

CALENDAR = "pages.calendar"
"""The Flask endpoint of the sprints as a calendar."""


class _InsufficientScope(Forbidden):
    """Source: RFC 6750, "Error Codes"."""

    def __init__(self, name: str, right: Right) -> None:
        super().__init__(f"The token {name} lacks the scope {right}.")
        self._right = right

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        told: dict[str, str | None] = {
            "realm": "trainboard",
            "error": "insufficient_scope",
            "scope": self._right,
        }
        challenge = WWWAuthenticate("bearer", told).to_header()
        return [*super().get_headers(*args, **kwargs), ("WWW-Authenticate", challenge)]


def right_of(method: str, endpoint: str | None) -> Right:
    """What it takes to ask for the facts of that Flask endpoint, or to change something there."""
    if method not in {"GET", "HEAD", "OPTIONS"}:
        return "deliveries:replay"
    if endpoint == CALENDAR:
        return "calendar:read"
    return find_scope(endpoint) or "board:read"


def find_visitor() -> Visitor | None:
    """Whoever asks, None where nobody needs to say who they are."""
    visitor: Visitor | None = flask.g.get("visitor")
    return visitor


def require(right: Right) -> None:
    """Refuse the current request if whoever asks lacks the right.

    Where nobody signs in, everybody may read, and nobody may do what changes something.

    Raises:
        Unauthorized: a program must say who it is.
        Forbidden: it is known who asks, and that is not enough.
    """
    visitor = find_visitor()
    if visitor is None:
        if right.endswith(":read") and right != "settings:read":
            return
        raise Forbidden(
            'This needs somebody who signed in: set server.dashboard = "sign-in", and say below [[sign_in]] '
            "who the operators are."
        )
    if right not in visitor.rights:
        raise _lacking(visitor, right)
    if visitor.projects is not None:
        _require_project(visitor.projects, right)


def unauthorized(detail: str, error: str = "") -> Unauthorized:
    """The refusal of a program that does not say who it is, or not well enough.

    Source: RFC 6750, "The WWW-Authenticate Response Header Field".
    """
    told: dict[str, str | None] = {"realm": "trainboard", **({"error": error} if error else {})}
    return Unauthorized(detail, www_authenticate=WWWAuthenticate("bearer", told))


def _lacking(visitor: Visitor, right: Right) -> Forbidden:
    if visitor.person is not None:
        return Forbidden("This is for operators. Ask whoever runs Trainboard to name you as one.")
    return _InsufficientScope(visitor.name, right)


def _require_project(allowed: frozenset[str], right: Right) -> None:
    """A token for some projects asks about one of them at a time, and changes nothing."""
    if not right.endswith(":read"):
        raise Forbidden("The token is for some projects only, and a delivery may be of any.")
    request = flask.request
    named = (request.view_args or {}).get("project") or request.args.get("project")
    if named in allowed:
        return
    names = ", ".join(sorted(allowed))
    if named is None:
        raise Forbidden(f"The token is for some projects only: ask about one, by ?project=, of {names}.")
    raise Forbidden(f"The token is not for that project, but for {names}.")
