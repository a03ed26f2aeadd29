"""What is read from outside, and the upkeep of our own house."""

from typing import ClassVar

from trainboard.effects.value import EffectValue
from trainboard.pull_requests import AwaitedApproval
from trainboard.results import EndedRun


class ReadRuns(EffectValue, frozen=True, kw_only=True):
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


class FindVersion(EffectValue, frozen=True, kw_only=True):
    """It is known which run made the version of the model, if the tracker behind `door` knows."""

    door: str
    model: str
    version: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """Beside the readings of runs, which wait for no version."""
        return f"versions:{self.door}"

    @property
    def key(self) -> str:
        """One for each version."""
        return f"find-version:{self.door}/{self.model}:{self.version}"


class ReadRun(EffectValue, frozen=True, kw_only=True):
    """What the run tracker behind `door` knows of the run with the id `run` is in the inbox.

    Whatever jobs tell of it while its last reading is young makes one reading.
    """

    door: str
    run: str

    paced: ClassVar[bool] = True
    longest_pace_seconds: ClassVar[float] = 60.0
    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One reading of one run at a time, beside those of the whole tracker."""
        return f"reader:{self.door}/{self.run}"

    @property
    def key(self) -> str:
        """One for each run."""
        return f"read-run:{self.door}/{self.run}"


class ReadPipelineRun(EffectValue, frozen=True, kw_only=True):
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


class ReadResults(EffectValue, frozen=True, kw_only=True):
    """What a run left in artifacts is in the inbox: what its tests found, and its own reports of runs.

    `project` says which artifacts hold results of tests, empty where none are wanted; `door` is the source
    of the reports, empty where there is none.
    """

    run: EndedRun
    project: str = ""
    door: str = ""

    paced: ClassVar[bool] = True
    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One reading of one pipeline at a time."""
        return f"results:{self.run.code}/{self.run.pipeline}"

    @property
    def key(self) -> str:
        """One attempt of one run."""
        return f"read-results:{self.run.code}/{self.run.pipeline}#{self.run.run}/{self.run.attempt}"


class FindContained(EffectValue, frozen=True, kw_only=True):
    """It is known which merged pull requests of `code` lie in the history of the deployed commit `within`."""

    project: str
    code: str
    within: str

    chore: ClassVar[bool] = True

    @property
    def mailbox(self) -> str:
        """One repository is asked serially."""
        return f"contained:{self.code}"

    @property
    def key(self) -> str:
        """One for each commit."""
        return f"find-contained:{self.code}@{self.within}"


class ReadModelTags(EffectValue, frozen=True, kw_only=True):
    """What the tags of the project's code tell of models is known."""

    project: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 600.0

    @property
    def mailbox(self) -> str:
        """One look at one repository at a time."""
        return f"model-tags:{self.project}"

    @property
    def key(self) -> str:
        """One for each project."""
        return f"read-model-tags:{self.project}"


class ReadSprints(EffectValue, frozen=True, kw_only=True):
    """What stands in the sprints is in the history of the project's work items."""

    project: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One look at one project at a time."""
        return f"history:{self.project}"

    @property
    def key(self) -> str:
        """One for each project."""
        return f"read-sprints:{self.project}"


class ReadChanges(EffectValue, frozen=True, kw_only=True):
    """What the project's tracker tells of changes of its work items is in their history."""

    project: str

    paced: ClassVar[bool] = True
    longest_pace_seconds: ClassVar[float] = 60.0
    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One look at one project at a time."""
        return f"history:{self.project}"

    @property
    def key(self) -> str:
        """One for each project."""
        return f"read-changes:{self.project}"


class RecoverDeliveries(EffectValue, frozen=True, kw_only=True):
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


class KeepHooks(EffectValue, frozen=True, kw_only=True):
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


class RemoveOldRows(EffectValue, frozen=True, kw_only=True):
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
