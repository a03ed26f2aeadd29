"""What checks, builds and deploys. Each module is one kind and keeps the contract in `PipelineReader`."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from trainboard.events import ApprovalReported, CheckReported, DeploymentReported, ResultsReported
from trainboard.pull_requests import AwaitedApproval

Told = CheckReported | DeploymentReported | ApprovalReported | ResultsReported


class PipelineReader(Protocol):
    """Reads runs of pipelines whose notifications do not tell what they are of.

    What is of no repository that matters, or of no commit, is left out.

    Raises (any method): as `trainboard.trackers.Tracker` says; MissingError where the run is gone.
    """

    name: str

    def read_run(self, project: str, run: int) -> Iterator[Sequence[Told]]:
        """The run and its stages as checks of the commit; then what it deployed, and what its tests found.

        A part that was answered stands, also where the next one cannot be read.
        """
        ...

    def read_approval(self, project: str, run: int, awaited: AwaitedApproval) -> Sequence[Told]:
        """The approval, and the deployment that waits for it or shall never be."""
        ...


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """What a run left under a name; `is_gone` tells that it was kept for its time and is there no more.

    `age` is greater for a newer one.
    """

    ref: str
    name: str
    age: int
    size_bytes: int
    is_gone: bool = False


class Artifacts(Protocol):
    """What the runs in one repository left behind.

    Raises (any method): as `trainboard.trackers.Tracker` says.
    """

    name: str

    def list_artifacts(self, run: int) -> Sequence[Artifact]:
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
