"""Plans that people write before any run exists, and the work items that become their experiments'."""

from datetime import datetime
from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue


class FindPlans(EffectValue, frozen=True, kw_only=True):
    """Plans of which nobody told are read."""

    project: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One look at one tracker at a time."""
        return f"find-plans:{self.project}"

    @property
    def key(self) -> str:
        """One for each project."""
        return f"find-plans:{self.project}"


class ReadPlan(EffectValue, frozen=True, kw_only=True):
    """The work item is its experiment's if it is a plan of somebody who may, or they are told why not."""

    project: str
    ref: str

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One work item is read serially."""
        return f"plan:{self.project}#{self.ref}"

    @property
    def key(self) -> str:
        """One work item."""
        return f"read-plan:{self.project}#{self.ref}"


class AdoptPlan(EffectValue, frozen=True, kw_only=True):
    """The work item that `by` opened shows the experiment from sprint `number` on, if no other one does."""

    project: str
    experiment: str
    number: int
    ref: str
    by: str
    at: datetime

    lane: ClassVar[Lane] = Lane.COMMAND

    @property
    def mailbox(self) -> str:
        """The experiment's own: none is made for it meanwhile."""
        return f"experiment:{self.project}/{self.experiment}"

    @property
    def key(self) -> str:
        """One work item."""
        return f"adopt-plan:{self.project}#{self.ref}"
