"""What checks, builds and deploys. Each module is one kind and keeps the contract in `PipelineReader`."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from trainboard.events import ApprovalReported, CheckReported, DeploymentReported
from trainboard.pull_requests import AwaitedApproval

Told = CheckReported | DeploymentReported | ApprovalReported


class PipelineReader(Protocol):
    """Reads runs of pipelines whose notifications do not tell what they are of.

    What is of no repository that matters, or of no commit, is left out.

    Raises (any method): as `trainboard.trackers.Tracker` says; MissingError where the run is gone.
    """

    name: str

    def read_run(self, project: str, run: int) -> Iterator[Sequence[Told]]:
        """The run and its stages as checks of the commit; then what it deployed.

        A part that was answered stands, also where the next one cannot be read.
        """
        ...

    def read_approval(self, project: str, run: int, awaited: AwaitedApproval) -> Sequence[Told]:
        """The approval, and the deployment that waits for it or shall never be."""
        ...
