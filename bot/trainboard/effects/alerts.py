"""Bugs that stand for what fires."""

from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue


class EnsureAlertItem(EffectValue, frozen=True, kw_only=True):
    """The bug of a problem stands as the problem does: made, shown, closed or open again.

    It carries no text, and nothing of what was told: both are looked up when it is applied.
    """

    project: str
    problem: str

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """One problem is worked on serially."""
        return f"alert:{self.problem}"

    @property
    def key(self) -> str:
        """One for each problem."""
        return f"ensure-alert-item:{self.problem}"


class ReadAlerts(EffectValue, frozen=True, kw_only=True):
    """What the monitor behind `door` has is in the inbox, where it is something else than was told."""

    door: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One reading of one monitor at a time."""
        return f"reader:{self.door}"

    @property
    def key(self) -> str:
        """One for each monitor."""
        return f"read-alerts:{self.door}"
