"""Budgets of one process that ends soon: a command that makes a few calls and must not write."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from trainboard.budgets import Lane, Notice, Window
from trainboard.budgets.accounts import Account


class MemoryBudgets:
    """Keeps `Budgets`. What it knows is gone with the process.

    Args:
        clock: answers the present moment, aware.
        known: what accounts have spent and were told already; it is kept up to date.
    """

    def __init__(self, clock: Callable[[], datetime], known: Mapping[str, Account] | None = None) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._accounts = dict(known or {})

    def of(self, account: str, windows: tuple[Window, ...]) -> "MemoryBudget":
        """The budget of the account; the same for all who ask."""
        with self._lock:
            state = self._accounts.setdefault(account, Account())
            state.windows = windows
        return MemoryBudget(state, self._lock, self._clock)


class MemoryBudget:
    """Keeps `Budget`."""

    def __init__(self, state: Account, lock: threading.Lock, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._lock = lock
        self._clock = clock

    def admit(self, doing: str, lane: Lane, *, writes: bool) -> None:
        """Count a call, or raise LimitedError."""
        with self._lock:
            deferral = self._state.admit(self._clock(), lane, writes=writes)
        if deferral is not None:
            raise deferral.to_error(doing)

    def note(self, notice: Notice) -> float | None:
        """Learn from an answer."""
        with self._lock:
            return self._state.note(self._clock(), notice)
