"""What becomes of approvals that runs wait for."""

from datetime import datetime
from typing import ClassVar

from trainboard.approvals import Person, Verdict
from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue
from trainboard.triggers import Origin


class DecideApproval(EffectValue, frozen=True, kw_only=True):
    """A person's word on an approval reached its platform, or it is known why not.

    `asked` tells where it was said: the id of a delivery or comment, and an index. `head` is the commit and
    `versions` are the model versions that the person saw. `environment` is what waits, empty where that is
    none. `trainboard.handlers.approvals.decide` makes it.
    """

    project: str
    code: str
    approval: str
    verdict: Verdict
    person: Person
    origin: Origin
    asked: str
    at: datetime
    head: str
    versions: tuple[str, ...] = ()
    environment: str = ""

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """What is said of one approval is passed on in its order."""
        return f"approval:{self.code}/{self.approval}"

    @property
    def key(self) -> str:
        """One for each time that somebody said something."""
        return f"decide-approval:{self.code}/{self.approval}/{self.asked}"


class AnnounceApproval(EffectValue, frozen=True, kw_only=True):
    """A comment on the experiment's work item says once that an approval is awaited, and of whom."""

    project: str
    experiment: str
    number: int
    code: str
    approval: str

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """Each is told by itself."""
        return f"announce:{self.code}/{self.approval}"

    @property
    def key(self) -> str:
        """One work item and one approval."""
        return f"announce-approval:{self.code}/{self.approval}/{self.project}/{self.number}/{self.experiment}"
