"""What checks, builds and deploys. Each module reads runs of one kind, or what they left, or starts them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from trainboard.approvals import Person, Standing, Verdict
from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    PipelineRunEnded,
    ResultsReported,
)
from trainboard.pull_requests import Approval, AwaitedApproval
from trainboard.results import EndedRun
from trainboard.triggers import Order, Pipeline, RunName

Told = CheckReported | DeploymentReported | ApprovalReported | PipelineRunEnded | ResultsReported


class PipelineReader(Protocol):
    """Reads runs of pipelines whose notifications do not tell what they are of.

    What is of no repository that matters, or of no commit, is left out.

    Raises (any method): as `trainboard.trackers.Tracker` says; MissingError where the run is gone.
    """

    name: str

    def read_run(self, project: str, run: int) -> Iterator[Sequence[Told]]:
        """The run and its stages as checks of the commit; then that it ended, and what its tests found.

        At last what it deployed.

        A part that was answered stands, also where the next one cannot be read.
        """
        ...

    def read_approval(self, project: str, run: int, awaited: AwaitedApproval) -> Sequence[Told]:
        """The approval, and the deployment that waits for it or shall never be."""
        ...


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """What a run left under a name; `is_gone` tells that it was kept for its time and is there no more.

    `age` is greater for a newer one. `commit` is what its run was of and `is_foreign` that this came from a
    fork, as the platform tells it beside the artifact; empty and False where it tells neither.
    """

    ref: str
    name: str
    age: int
    size_bytes: int
    is_gone: bool = False
    commit: str = ""
    is_foreign: bool = False


class Artifacts(Protocol):
    """What the runs in one place left behind: `name` is that of `EndedRun.place`, in any letters.

    Raises (any method): as `trainboard.trackers.Tracker` says.
    """

    name: str

    def list_artifacts(self, run: EndedRun) -> Sequence[Artifact]:
        """Those of all attempts of the run, at most a hundred.

        Raises:
            MissingError: the run is gone.
        """
        ...

    def read_artifact(self, artifact: Artifact, most_bytes: int) -> bytes:
        """The zip archive.

        Raises:
            MissingError: it is gone.
            OversizedError: it has more than `most_bytes`.
        """
        ...


class ApprovalDesk(Protocol):
    """Where runs in one place wait for approvals, and where the bot may pass on a person's word.

    Raises (any method): as `trainboard.trackers.Tracker` says; MissingError where the run or the approval is
    gone.
    """

    name: str

    def list_approvers(self, approval: Approval) -> Sequence[str]:
        """The names of those whom the platform lets answer, in its order."""
        ...

    def look(self, approval: Approval, person: Person) -> Standing:
        """How it stands, and whether that person may answer it. Asked anew each time, and nothing is kept."""
        ...

    def answer(self, approval: Approval, verdict: Verdict, comment: str) -> None:
        """Answer it as the bot. Whoever calls has seen that the person may.

        Raises:
            PermanentError: it was refused, nothing was done.
            DoubtError: it may have been answered.
        """
        ...


class StartedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that was started; `name` is None where the platform does not tell which it is."""

    name: RunName | None = None
    url: str = ""


class PipelineStarter(Protocol):
    """Starts runs of declared pipelines in one place.

    Raises (any method): as `trainboard.trackers.Tracker` says.
    """

    name: str

    def start(self, order: Order) -> StartedRun:
        """Start a run; twice is two runs.

        Raises:
            PermanentError: it was refused for good, nothing was started; MissingError where the pipeline or
                the commit is gone.
            DoubtError: it may have been started.
        """
        ...

    def find(self, order: Order, since: datetime) -> StartedRun | None:
        """The run that carries the order's mark; None if none does among those begun at `since` or later.

        Where runs carry no mark it is None too: then `proves_absence` is False.
        """
        ...

    def proves_absence(self, pipeline: Pipeline) -> bool:
        """True if a run that `find` has not found a while after its start was surely never started."""
        ...

    def page_of(self, pipeline: Pipeline) -> str:
        """Where people find the pipeline's runs; empty where there is no page."""
        ...

    def check(self, pipeline: Pipeline) -> None:
        """Look whether the pipeline is there and may run, without a start.

        Raises:
            PermanentError: it cannot run, with what to do.
        """
        ...
