"""States: what GitHub hands back to us, so that we know who sent the browser there, and when."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from trainboard.errors import PermanentError

_BYTES = 32
_MOST = 16

Clock = Callable[[], datetime]


class StateError(PermanentError):
    """GitHub's answer does not belong to anything that we asked for."""


class States:
    """Each is made for one form, and taken once.

    Args:
        clock: the time now, aware.
        lifetime: how long one is taken.
    """

    def __init__(self, clock: Clock, lifetime: timedelta) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._open: dict[str, datetime] = {}
        self._used: dict[str, datetime] = {}

    def issue(self) -> str:
        """A new one. Only the latest few are remembered."""
        state = secrets.token_urlsafe(_BYTES)
        self._open[state] = self._clock()
        for known in (self._open, self._used):
            while len(known) > _MOST:
                del known[next(iter(known))]
        return state

    def take(self, state: str) -> None:
        """Use it up.

        Raises:
            StateError: it is not ours, used up, or too old.
        """
        if not state:
            raise StateError("The address has no state, so it does not come from GitHub's answer to us.")
        if state in self._used:
            raise StateError("This answer of GitHub was taken before. Begin again.")
        issued = self._open.pop(state, None)
        if issued is None:
            raise StateError("The address has a state that we never gave out. Begin again.")
        self._used[state] = issued
        if self._clock() - issued > self._lifetime:
            raise StateError(
                "The form was opened more than an hour ago, and GitHub waits no longer. Begin again."
            )

    def give_back(self, state: str) -> None:
        """Let it be taken once more: nothing came of it."""
        issued = self._used.pop(state, None)
        if issued is not None:
            self._open[state] = issued
