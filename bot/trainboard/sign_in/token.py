"""People who sign in with one token that they share."""

import hashlib
import hmac
from collections.abc import Callable

from trainboard.sign_in import UnprovenError
from trainboard.visitors import Person, Role


class TokenWay:
    """A token.

    Args:
        name: of the way.
        title: what people read.
        role: what it lets people do.
        read: answers the token, which may be another one later.
        rules: a digest of the settings.
    """

    def __init__(self, *, name: str, title: str, role: Role, read: Callable[[], str], rules: str) -> None:
        self.name = name
        self.title = title
        self.rules = rules
        self._role = role
        self._read = read

    def prove(self, token: str) -> Person:
        """Who knows the token; its length does not show either.

        Raises:
            UnprovenError: it is another one.
        """
        given, known = (hashlib.sha256(each.encode()).digest() for each in (token, self._read()))
        if not hmac.compare_digest(given, known):
            raise UnprovenError("That is not the token.")
        return Person(way=self.name, subject="token", name="shared token", role=self._role)
