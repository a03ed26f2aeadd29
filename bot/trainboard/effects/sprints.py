"""The end of sprints, their goals, and suggestions of what fits into the next."""

from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue
from trainboard.triggers import Origin


class EndIteration(EffectValue, frozen=True, kw_only=True):
    """Sprint `number`, which is over, is in the history, left nothing to be carried, and is closed."""

    project: str
    number: int

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """One sprint is ended serially."""
        return f"end-iteration:{self.project}/{self.number}"

    @property
    def key(self) -> str:
        """One for each sprint."""
        return f"end-iteration:{self.project}/{self.number}"


class ShowGoal(EffectValue, frozen=True, kw_only=True):
    """The description of sprint `number` tells its goal.

    It carries no text: that is made from the store when the effect is applied.
    """

    project: str
    number: int

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """One description is written serially."""
        return f"goal:{self.project}/{self.number}"

    @property
    def key(self) -> str:
        """One for each sprint."""
        return f"show-goal:{self.project}/{self.number}"


class SuggestPlan(EffectValue, frozen=True, kw_only=True):
    """Whoever asked is told what fits into sprint `number`; nothing is planned.

    `asked` is the command's key.
    """

    project: str
    number: int
    origin: Origin
    asked: str

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """Each wish is answered by itself."""
        return f"plan:{self.asked}"

    @property
    def key(self) -> str:
        """One for each command."""
        return f"suggest-plan:{self.asked}"
