"""What was read once and holds for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

DAY = timedelta(days=1)


class Kept(Generic[Value]):
    """A value that is read when it is first needed, and again a day later. One thread reads, the rest wait.

    Args:
        read: answers the value; what it raises is raised to whoever waits, and nothing is kept.
        clock: the time now, aware.
    """

    def __init__(self, read: Callable[[], Value], clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock
        self._lock = Lock()
        self._found: tuple[datetime, Value] | None = None

    def get(self) -> Value:
        """The value, at most a day old."""
        with self._lock:
            now = self._clock()
            if self._found is None or not timedelta(0) <= now - self._found[0] < DAY:
                self._found = (now, self._read())
            return self._found[1]

    def forget(self) -> None:
        """Have the value read again when it is next needed."""
        with self._lock:
            self._found = None
