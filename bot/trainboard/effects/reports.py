"""Reports of sprints: where they appear, and how they end."""

from datetime import datetime
from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue
from trainboard.report.schedules import ReportKind


class EnsureReport(EffectValue, frozen=True, kw_only=True):
    """The report of sprint `number` that was due `at` for that period is at the target, once.

    It carries no text: that is made from the store when the effect is applied. A digest tells of what
    happened from `since` until `at`.
    """

    project: str
    number: int
    report: ReportKind
    period: str
    target: str
    at: datetime
    since: datetime | None = None
    is_final: bool = False

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """What goes to one target goes in its order."""
        return f"report:{self.project}/{self.target}"

    @property
    def key(self) -> str:
        """One for each sprint, kind, period and target."""
        return f"ensure-report:{self.project}/{self.number}/{self.report}/{self.period}/{self.target}"


class FreezeReport(EffectValue, frozen=True, kw_only=True):
    """What sprint `number` came to is kept as it was known shortly after its end."""

    project: str
    number: int

    chore: ClassVar[bool] = True

    @property
    def mailbox(self) -> str:
        """One at a time."""
        return f"freeze:{self.project}"

    @property
    def key(self) -> str:
        """One for each sprint."""
        return f"freeze-report:{self.project}/{self.number}"
