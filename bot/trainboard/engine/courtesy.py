"""Senders go first: they wait for an answer, the work does not."""

import threading
import time
from collections.abc import Callable

QUIET_SECONDS = 0.003
LONGEST_SECONDS = 0.25


class Courtesy:
    """Workers of the process that takes deliveries give way while senders wait there.

    They share one interpreter and, on SQLite, one writer. What waits is on disk; but a storm which
    never ends is worked on too: one worker gets a turn every quarter of a second.

    Args:
        monotonic: seconds that never go back.
        pause: waits for some seconds.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._pause = pause
        self._counting = threading.Lock()
        self._senders = 0
        self._left_at = float("-inf")
        self._turn = threading.Lock()

    def enter(self) -> None:
        """A sender waits from now on."""
        with self._counting:
            self._senders += 1

    def leave(self) -> None:
        """One of the senders waits no longer."""
        with self._counting:
            self._senders -= 1
            self._left_at = self._monotonic()

    def give_way(self) -> None:
        """Return when no sender was there for three milliseconds, or when it is a worker's turn anyway."""
        with self._turn:
            until = self._monotonic() + LONGEST_SECONDS
            while self._monotonic() < until and self._is_busy():
                self._pause(QUIET_SECONDS)

    def _is_busy(self) -> bool:
        return self._senders > 0 or self._monotonic() - self._left_at < QUIET_SECONDS
