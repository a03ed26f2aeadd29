"""A clock that several processes move and read."""

from datetime import UTC, datetime, timedelta
from mmap import mmap

from fakes.clock import FakeClock

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class SharedClock(FakeClock):
    """One clock for a process and all that it forks."""

    def __init__(self, *now: datetime) -> None:
        self._memory = mmap(-1, 8)
        super().__init__(*now)

    @property
    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return _START + int.from_bytes(self._memory[:8]) * _MICROSECOND

    @now.setter
    def now(self, moment: datetime) -> None:
        self._memory[:8] = ((moment - _START) // _MICROSECOND).to_bytes(8)
