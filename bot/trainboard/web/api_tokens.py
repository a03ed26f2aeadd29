"""Programs that ask with a token.

Source: RFC 6750, "The OAuth 2.0 Authorization Framework: Bearer Token Usage".
"""

import hashlib
import hmac
from collections.abc import Sequence

import flask
import msgspec

from trainboard.visitors import Scope, Visitor
from trainboard.web.permission import require, unauthorized


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
        if scheme.lower() != "bearer":
            return None
        found = self._match(given.strip())
        if found is None:
            raise unauthorized("This token is not known.", "invalid_token")
        rights = frozenset(found.scopes)
        return Visitor(name=found.name, rights=rights, projects=found.projects or None)

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

    def _match(self, given: str) -> ApiToken | None:
        """Each is compared, so that the time does not tell which one it is near to."""
        digest = _digest(given)
        found = [token for known, token in self._tokens if hmac.compare_digest(known, digest)]
        return found[0] if found else None


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode(errors="replace")).digest()
