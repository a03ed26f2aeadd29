"""What stands on pull requests and on their commits."""

from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue


class EnsureMention(EffectValue, frozen=True, kw_only=True):
    """The description of a pull request names the work item of an experiment whose runs came from it."""

    project: str
    experiment: str
    number: int
    pull_request: int

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """One description is changed serially."""
        return f"description:{self.project}/{self.pull_request}"

    @property
    def key(self) -> str:
        """One work item and one pull request."""
        return f"ensure-mention:{self.project}/{self.pull_request}/{self.number}/{self.experiment}"


class EnsurePullRequestStatus(EffectValue, frozen=True, kw_only=True):
    """The pull request shows what is known of it: one comment, and the metric gate on its head commit.

    It carries no text: that is made from the store when the effect is applied.
    """

    project: str
    code: str
    pull_request: int

    paced: ClassVar[bool] = True
    longest_pace_seconds: ClassVar[float] = 10.0

    @property
    def mailbox(self) -> str:
        """One pull request is worked on serially."""
        return f"pull-request:{self.code}#{self.pull_request}"

    @property
    def key(self) -> str:
        """One for each pull request."""
        return f"ensure-pull-request-status:{self.code}#{self.pull_request}"


class EnsureQueuedGate(EffectValue, frozen=True, kw_only=True):
    """The metric gate stands on `commit` too, as which a merge queue tries the pull request."""

    project: str
    code: str
    pull_request: int
    commit: str

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """The pull request's own."""
        return f"pull-request:{self.code}#{self.pull_request}"

    @property
    def key(self) -> str:
        """One for each commit of the queue."""
        return f"ensure-queued-gate:{self.code}#{self.pull_request}@{self.commit}"


class ReviewNotebooks(EffectValue, frozen=True, kw_only=True):
    """What is to be said of the notebooks that the pull request changes is known."""

    project: str
    code: str
    pull_request: int

    paced: ClassVar[bool] = True
    longest_pace_seconds: ClassVar[float] = 60.0
    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """Of its own: what stands on the pull request does not wait for it."""
        return f"notebooks:{self.code}#{self.pull_request}"

    @property
    def key(self) -> str:
        """One for each pull request."""
        return f"review-notebooks:{self.code}#{self.pull_request}"
