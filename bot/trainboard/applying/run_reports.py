"""Reports of training runs that a pipeline's run left in artifacts, as deliveries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import structlog

from trainboard.applying import Outside, polled
from trainboard.deliveries import Delivery
from trainboard.errors import MissingError, OversizedError, PayloadError
from trainboard.events import RunReported
from trainboard.pipelines import Artifact, Artifacts
from trainboard.policy import Door
from trainboard.result_files import UnreadableError
from trainboard.result_files.archives import MOST_ARCHIVE_BYTES, unpack
from trainboard.results import EndedRun, is_wanted
from trainboard.run_origins import RunOrigin
from trainboard.runs import RunReport

MOST_ARTIFACTS = 20
MOST_REPORTS = 100
MOST_REPORT_BYTES = 256 * 1024
_MOST_SHOWN = 200

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Left:
    """What was found: deliveries of reports, and how many files or artifacts could not be read."""

    deliveries: Sequence[Delivery]
    unread: int


def read_reports(
    run: EndedRun, door: Door, found: Sequence[Artifact], artifacts: Artifacts, outside: Outside
) -> Left | None:
    """The reports among what the run left; None where no artifact is wanted, or none of a fork.

    Raises:
        TransientError: an artifact may come later.
    """
    wanted = [each for each in found if is_wanted(each.name, door.artifacts)]
    is_foreign = run.ran == "foreign" or any(each.is_foreign for each in wanted)
    if not wanted:
        return None
    if is_foreign and not door.forks:
        _log.info("reports of a fork are not taken", source=door.name, code=run.code, run=run.run)
        return None
    reading = _Reading(_origin_of(run, is_loose=is_foreign or run.ran != "pushed"), outside)
    for artifact in wanted[:MOST_ARTIFACTS]:
        reading.read(artifact, artifacts)
    for artifact in wanted[MOST_ARTIFACTS:]:
        reading.leave_out(artifact.name, f"more than {MOST_ARTIFACTS} artifacts of a run are not read")
    told = [_deliver(door, report) for report in reading.reports]
    return Left(deliveries=told, unread=reading.unread)


class _Reading:
    """Goes through the artifacts of a run; what cannot be read is told, and the next one is."""

    def __init__(self, origin: RunOrigin, outside: Outside) -> None:
        self.reports: list[RunReport] = []
        self.unread = 0
        self._origin = origin
        self._outside = outside

    def read(self, artifact: Artifact, artifacts: Artifacts) -> None:
        """Take its reports, as long as there are not too many."""
        try:
            for name, file in list(_unpack(artifact, artifacts, self._origin.commit)):
                self._take(_name_run(artifact, name), file)
        except (MissingError, OversizedError, UnreadableError) as error:
            self.leave_out(artifact.name, str(error))

    def leave_out(self, name: str, why: str) -> None:
        """Count and tell what is not read."""
        self.unread += 1
        _log.warning(
            "cannot read a report of a run",
            source=self._origin.source,
            file=ascii(name[:_MOST_SHOWN]),
            error=why,
            url=self._origin.url,
        )

    def _take(self, name: str, file: bytes | None) -> None:
        if file is None:
            self.leave_out(name, "it is encrypted or broken")
        elif len(self.reports) >= MOST_REPORTS:
            self.leave_out(name, f"more than {MOST_REPORTS} reports of a run are not read")
        else:
            try:
                self.reports.append(self._outside.read_report(file, self._origin, name))
            except PayloadError as error:
                self.leave_out(name, str(error))


def _name_run(artifact: Artifact, path: str) -> str:
    """What tells a run from the others that were left, where its report does not; never a path of ours.

    Azure Pipelines packs files below a folder with the name of the artifact.
    """
    below = PurePosixPath(path.removeprefix(f"{artifact.name}/"))
    return f"{artifact.name}/{below.with_suffix('')}"


def _unpack(artifact: Artifact, artifacts: Artifacts, commit: str) -> Iterator[tuple[str, bytes | None]]:
    if artifact.is_gone:
        raise MissingError("it was kept for its time, and is there no more")
    if artifact.size_bytes > MOST_ARCHIVE_BYTES:
        raise OversizedError(f"it has more than {MOST_ARCHIVE_BYTES:,} bytes")
    if artifact.commit and artifact.commit != commit:
        raise UnreadableError(f"its run was of commit {artifact.commit}, and the one that ended of {commit}")
    content = artifacts.read_artifact(artifact, MOST_ARCHIVE_BYTES)
    return unpack(content, lambda name: name.casefold().endswith(".json"), MOST_REPORT_BYTES)


def _origin_of(run: EndedRun, *, is_loose: bool) -> RunOrigin:
    return RunOrigin(
        source=run.source,
        run_id=str(run.run),
        repository=run.code.partition(":")[2],
        commit=run.commit,
        url=run.url,
        attempt=run.attempt,
        branch=run.branch,
        pull_request=run.pull_request,
        by=run.by,
        is_loose=is_loose,
    )


def _deliver(door: Door, report: RunReport) -> Delivery:
    event = RunReported(door=door.name, report=report)
    return polled.make_delivery(door.name, "run", f"{door.name}/{report.experiment.name}", event)
