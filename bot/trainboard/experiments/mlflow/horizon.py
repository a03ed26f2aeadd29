"""How far a reading has come, told by clocks that do not agree."""

from datetime import datetime

from trainboard.experiments import Cursor
from trainboard.experiments.mlflow.answers import RunPage

SETTLED_MS = 60 * 60 * 1000


class Horizon:
    """Follows one reading; all moments are Unix milliseconds.

    The reading began at the earlier of our clock's and the tracker's word for it. No cursor gets ahead
    of that, whatever end a client's clock claims.
    """

    def __init__(self, cursor: Cursor, now: datetime) -> None:
        self._before_ms = cursor.ended_ms
        self._latest_ms = cursor.ended_ms
        self._began_ms = int(now.timestamp() * 1000)

    def note(self, page: RunPage) -> None:
        """Take in a page that was read."""
        if page.date_ms is not None:
            self._began_ms = min(self._began_ms, page.date_ms)
        self._latest_ms = max((self._latest_ms, *(run.info.end_time or 0 for run in page.runs)))

    @property
    def reached_ms(self) -> int:
        """The latest end seen; never before the cursor that the reading came with."""
        return max(self._before_ms, min(self._latest_ms, self._began_ms))

    @property
    def settled_ms(self) -> int:
        """The same once everything was read: at least an hour before the reading's begin."""
        return max(self.reached_ms, self._began_ms - SETTLED_MS)
