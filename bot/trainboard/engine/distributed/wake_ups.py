"""Wake-ups on their way: whoever wakes does not wait, and many go out together."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

MOST = 10_000

_log = structlog.get_logger(__name__)


class WakeUps:
    """A thread that hands over what was woken since it looked last.

    What cannot be handed over is forgotten: who sweeps finds it.

    Args:
        hand_over: takes mailboxes and when they are due.
    """

    def __init__(self, hand_over: Callable[[Mapping[str, datetime]], None]) -> None:
        self._hand_over = hand_over
        self._waiting: dict[str, datetime] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, mailbox: str, at: datetime) -> None:
        """Hand the mailbox over soon; of two moments the earlier one holds."""
        with self._changed:
            if len(self._waiting) >= MOST:
                return
            self._waiting[mailbox] = min(at, self._waiting.get(mailbox, at))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="trainboard-wake-ups", daemon=True)
                self._thread.start()
            self._changed.notify()

    def stop(self) -> None:
        """Hand over what is there, and end the thread; a later wake-up starts it again."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while together := self._take():
            try:
                self._hand_over(together)
            except Exception:  # noqa: BLE001  the database may be away
                _log.warning("wake-ups were lost", mailboxes=len(together), exc_info=True)

    def _take(self) -> Mapping[str, datetime]:
        """What was woken, as soon as something was; nothing when this thread is not wanted any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._thread is not threading.current_thread())
            together, self._waiting = self._waiting, {}
        return together
