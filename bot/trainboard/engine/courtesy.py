"""Senders go first: they wait for an answer, the work does not."""

import threading
import time
from collections.abc import Callable

QUIET_SECONDS = 0.003
STORM_SECONDS = 0.015
LONGEST_SECONDS = 0.125


class Courtesy:
    """Workers of the process that takes deliveries give way while senders wait there.

    They share one interpreter and, on SQLite, one writer. What waits is on disk; but a storm which
    never ends is worked on too: one worker gets a short turn eight times a second.

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
        self._quiet_seconds = QUIET_SECONDS
        self._turn = threading.Lock()

    def enter(self) -> None:
        """A sender waits from now on."""
        with self._counting:
            self._senders += 1

    def leave(self) -> None:
        """One of the senders waits no longer."""
        with self._counting:
            now = self._monotonic()
            storm = now - self._left_at < STORM_SECONDS
            self._quiet_seconds = STORM_SECONDS if storm else QUIET_SECONDS
            self._senders -= 1
            self._left_at = now

    def give_way(self) -> bool:
        """Wait until no sender was there for a moment, True, or until it is a worker's turn anyway, False.

        The moment is three milliseconds, and fifteen where one sender comes right behind the other.
        """
        with self._turn:
            until = self._monotonic() + LONGEST_SECONDS
            while busy := self._is_busy():
                if self._monotonic() >= until:
                    break
                self._pause(QUIET_SECONDS)
        return not busy

    def _is_busy(self) -> bool:
        return self._senders > 0 or self._monotonic() - self._left_at < self._quiet_seconds
