"""Programs that ask with a token.

Source: RFC 6750, "The OAuth 2.0 Authorization Framework: Bearer Token Usage".
"""

import hashlib
import hmac
from collections.abc import Sequence

import flask
import msgspec

from trainboard.visitors import Right, Scope, Visitor
from trainboard.web.permission import CALENDAR, require, unauthorized

_CALENDAR_ONLY: frozenset[Right] = frozenset({"calendar:read"})


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token and what it is good for; no `projects` mean all."""

    name: str
    secret: str
    scopes: frozenset[Scope]
    projects: frozenset[str] = frozenset()


class ApiTokens:
    """The tokens of all programs.

    Args:
        tokens: theirs.
    """

    def __init__(self, tokens: Sequence[ApiToken]) -> None:
        self._tokens = [(_digest(token.secret), token) for token in tokens]

    def find(self) -> Visitor | None:
        """The program that asks, None for a request without a token.

        Raises:
            Unauthorized: the token is none of ours.
        """
        header = flask.request.headers.get("Authorization", "")
        scheme, _, given = header.partition(" ")
        if scheme.lower() == "bearer":
            return self._recognise(given.strip())
        given = flask.request.args.get("token", "") if flask.request.endpoint == CALENDAR else ""
        return self._recognise_in_address(given) if given else None

    def guard_metrics(self) -> None:
        """Refuse the current request unless its token is good for metrics.

        Raises:
            Unauthorized: it has none.
            Forbidden: it is for something else.
        """
        flask.g.visitor = self.find()
        if flask.g.visitor is None:
            raise unauthorized("Send Authorization: Bearer with one of the [[api_tokens]].")
        require("metrics:read")

    def _recognise(self, given: str) -> Visitor:
        found = self._match(given)
        if found is None:
            raise unauthorized("This token is not known.", "invalid_token")
        rights = _CALENDAR_ONLY | found.scopes if "board:read" in found.scopes else found.scopes
        return Visitor(name=found.name, rights=frozenset(rights), projects=found.projects or None)

    def _recognise_in_address(self, given: str) -> Visitor:
        """Addresses are kept in logs and histories: a token that opens more than the calendar is refused."""
        visitor = self._recognise(given)
        if visitor.rights != _CALENDAR_ONLY:
            raise unauthorized(
                "A token in an address must have the scope calendar:read and no other.", "invalid_token"
            )
        return visitor

    def _match(self, given: str) -> ApiToken | None:
        """Each is compared, so that the time does not tell which one it is near to."""
        digest = _digest(given)
        found = [token for known, token in self._tokens if hmac.compare_digest(known, digest)]
        return found[0] if found else None


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode(errors="replace")).digest()
