"""Sprints and the work items of experiments."""

from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue


class EnsureIteration(EffectValue, frozen=True, kw_only=True):
    """The project's tracker has sprint `number`."""

    project: str
    number: int

    lane: ClassVar[Lane] = Lane.CREATE

    @property
    def mailbox(self) -> str:
        """Effects of one mailbox are applied one after the other."""
        return f"iteration:{self.project}/{self.number}"

    @property
    def key(self) -> str:
        """Effects that have not gone out and have the same key are one."""
        return f"ensure-iteration:{self.project}/{self.number}"


class EnsureExperimentItem(EffectValue, frozen=True, kw_only=True):
    """The experiment's work item of sprint `number` shows the runs as they are known.

    It carries no text: the text is made from the store when the effect is applied, so that any
    number of pending ones are one, and the last state is the one that is written.
    """

    project: str
    experiment: str
    number: int

    paced: ClassVar[bool] = True

    @property
    def mailbox(self) -> str:
        """One experiment is worked on serially, over all sprints."""
        return f"experiment:{self.project}/{self.experiment}"

    @property
    def key(self) -> str:
        """One experiment and sprint."""
        return f"ensure-experiment:{self.project}/{self.number}/{self.experiment}"


class CarryExperimentItem(EffectValue, frozen=True, kw_only=True):
    """The experiment's work item, if it is still open in sprint `origin`, stands in sprint `number`."""

    project: str
    experiment: str
    origin: int
    number: int

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """The experiment's own."""
        return f"experiment:{self.project}/{self.experiment}"

    @property
    def key(self) -> str:
        """One move of one experiment."""
        return f"carry-experiment:{self.project}/{self.origin}>{self.number}/{self.experiment}"


class EndExperiment(EffectValue, frozen=True, kw_only=True):
    """The experiment's work item is closed, as a rule of its plan ended it."""

    project: str
    experiment: str
    number: int

    lane: ClassVar[Lane] = Lane.CLOSE

    @property
    def mailbox(self) -> str:
        """The experiment's own."""
        return f"experiment:{self.project}/{self.experiment}"

    @property
    def key(self) -> str:
        """One experiment and sprint."""
        return f"end-experiment:{self.project}/{self.number}/{self.experiment}"


class TellMilestones(EffectValue, frozen=True, kw_only=True):
    """A comment on the experiment's work item of sprint `number` says what happened to it.

    It carries no text: what is to be told is in the store, and any number of pending ones are one comment.
    """

    project: str
    experiment: str
    number: int

    paced: ClassVar[bool] = True

    @property
    def mailbox(self) -> str:
        """The experiment's own."""
        return f"experiment:{self.project}/{self.experiment}"

    @property
    def key(self) -> str:
        """One experiment and sprint."""
        return f"tell-milestones:{self.project}/{self.number}/{self.experiment}"
