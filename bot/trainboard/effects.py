"""What shall be true. An effect names an end state and a key; applying it twice is applying it once.

It reaches outside; it is stored in the same transaction as the outcome of its delivery, and applied
afterwards. What is only to be known is a fact, in `facts.py`.
"""

from typing import ClassVar, get_args

import msgspec

from trainboard.budgets import Lane
from trainboard.pull_requests import AwaitedApproval


class _Effect(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind", omit_defaults=True):
    """A `paced` one waits between two applications, at most `longest_pace_seconds`.

    A failed one waits at most `longest_pause_seconds`.

    Its calls go in `lane`: when a platform's budget runs low, the more urgent lanes still go out. A
    `chore` changes nothing that people see; it is forgotten with the tick that asked for it.
    """

    lane: ClassVar[Lane] = Lane.CHATTER
    paced: ClassVar[bool] = False
    longest_pace_seconds: ClassVar[float] = 3600.0
    chore: ClassVar[bool] = False
    longest_pause_seconds: ClassVar[float] = 3600.0


class EnsureIteration(_Effect, frozen=True, kw_only=True):
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


class EnsureExperimentItem(_Effect, frozen=True, kw_only=True):
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


class CarryExperimentItem(_Effect, frozen=True, kw_only=True):
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


class EnsureMention(_Effect, frozen=True, kw_only=True):
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


class EnsurePullRequestStatus(_Effect, frozen=True, kw_only=True):
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


class EnsureQueuedGate(_Effect, frozen=True, kw_only=True):
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


class ReadRuns(_Effect, frozen=True, kw_only=True):
    """What the run tracker behind `door` knows is in the inbox."""

    door: str
    full: bool = False

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One reading of one tracker at a time."""
        return f"reader:{self.door}"

    @property
    def key(self) -> str:
        """A full reading is another one than a quick one."""
        return f"read-runs:{self.door}/{'full' if self.full else 'new'}"


class ReadPipelineRun(_Effect, frozen=True, kw_only=True):
    """What `pipelines` know of a run, or of an approval that it waits for, is in the inbox.

    The members are those of `trainboard.events.PipelineRunChanged`. Whatever was told of a run while its
    last reading was young is one reading.
    """

    pipelines: str
    project: str
    run: int
    approval: AwaitedApproval | None = None

    paced: ClassVar[bool] = True
    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One reading of one run at a time."""
        return f"pipeline-run:{self.pipelines}#{self.run}"

    @property
    def key(self) -> str:
        """The run itself, or one approval of it."""
        return f"read-pipeline-run:{self.pipelines}#{self.run}" + (
            f"/{self.approval.ref}" if self.approval else ""
        )


class RecoverDeliveries(_Effect, frozen=True, kw_only=True):
    """What `source` sent and we never got is in the inbox, or known to be lost."""

    source: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One look at one sender at a time."""
        return f"recovery:{self.source}"

    @property
    def key(self) -> str:
        """One for each sender."""
        return f"recover-deliveries:{self.source}"


class KeepHooks(_Effect, frozen=True, kw_only=True):
    """The hooks that feed `source` work, and what they did not tell is in the inbox."""

    source: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """That of the source's recovery: both look for what is missing."""
        return f"recovery:{self.source}"

    @property
    def key(self) -> str:
        """One for each source."""
        return f"keep-hooks:{self.source}"


class RemoveOldRows(_Effect, frozen=True, kw_only=True):
    """Rows that are kept no longer are gone from our database."""

    chore: ClassVar[bool] = True

    @property
    def mailbox(self) -> str:
        """One broom."""
        return "removal"

    @property
    def key(self) -> str:
        """One removal."""
        return "remove-old-rows"


Effect = (
    EnsureIteration
    | EnsureExperimentItem
    | CarryExperimentItem
    | EnsureMention
    | EnsurePullRequestStatus
    | EnsureQueuedGate
    | ReadRuns
    | ReadPipelineRun
    | RecoverDeliveries
    | KeepHooks
    | RemoveOldRows
)

CHORES = tuple(kind.__name__ for kind in get_args(Effect) if kind.chore)
"""The kinds of effects that are chores."""


def encode(effect: Effect) -> str:
    """`effect` as JSON text."""
    return msgspec.json.encode(effect).decode()


def decode(text: str) -> Effect:
    """The effect that `encode` wrote."""
    return _DECODER.decode(text)


_DECODER: msgspec.json.Decoder[Effect] = msgspec.json.Decoder(Effect)
