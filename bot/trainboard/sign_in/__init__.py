"""How people prove who they are: one module for each kind of way.

A way by OAuth has two steps. `begin` answers the address that the browser is sent to; what it brings back
is told to `finish`, which asks the other side and answers who it is.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from trainboard.errors import PermanentError
from trainboard.visitors import Person, Role


class DeniedError(PermanentError):
    """It is known who it is, and the settings do not let the person in."""


class UnprovenError(PermanentError):
    """What came back does not prove who it is."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in that a browser has begun.

    `state` comes back with it, `nonce` stands in the ID token, `verifier` proves to the other side that we
    began it (PKCE), and `after` is the path on our own pages to go to at last.
    """

    way: str
    state: str
    nonce: str
    verifier: str
    after: str


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """Who may come in as what: each rule is a kind and a value, like `team:acme/ml-leads`."""

    viewers: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()

    def find_role(self, holds: Callable[[str], bool]) -> Role | None:
        """The most that a rule gives which `holds`; None if none does."""
        for role, rules in ((Role.OPERATOR, self.operators), (Role.VIEWER, self.viewers)):
            if any(holds(rule) for rule in rules):
                return role
        return None


class Way(Protocol):
    """A way in over another server.

    `title` is what people read, `rules` a digest of the settings: whoever came in by others signs in again.
    """

    name: str
    title: str
    rules: str

    def begin(self, attempt: Attempt) -> str:
        """The address to go to.

        Raises:
            TransientError: the other side does not answer.
        """
        ...

    def finish(self, attempt: Attempt, code: str) -> Person:
        """Who it is.

        Raises:
            DeniedError: somebody who may not come in.
            UnprovenError: nobody knows; the code or what was given for it is not good.
            TransientError: the other side does not answer.
        """
        ...

    def examine(self) -> str:
        """What was found when the other side was asked, as a sentence.

        Raises:
            TrainboardError: it does not answer, or not as it should.
        """
        ...
