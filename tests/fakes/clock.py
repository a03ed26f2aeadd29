"""A clock that moves when a test says so."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Callable like every clock of the bot; starts on a Wednesday in the middle of a sprint."""

    def __init__(self, now: datetime = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        """Let time go by: `forward(days=14)`."""
        self.now += timedelta(**time)
