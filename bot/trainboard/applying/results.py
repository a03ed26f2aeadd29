"""What a run of a pipeline left in artifacts shall be in the inbox."""

from collections.abc import Sequence

import structlog

from trainboard.applying import Outside, polled
from trainboard.applying.run_reports import read_reports
from trainboard.deliveries import Delivery
from trainboard.effects import ReadResults
from trainboard.errors import MissingError, OversizedError
from trainboard.events import ResultsReported
from trainboard.pipelines import Artifact, Artifacts
from trainboard.result_files import Findings, UnreadableError, sum_findings
from trainboard.result_files.archives import MOST_ARCHIVE_BYTES
from trainboard.result_files.reading import read_archive
from trainboard.results import EndedRun, FinishedRun, Results, is_wanted

APPLIES = ReadResults

MOST_ARTIFACTS = 10

_log = structlog.get_logger(__name__)


def apply(effect: ReadResults, outside: Outside) -> None:
    """Store what the run's artifacts tell as deliveries; nothing where it left none that is wanted.

    It may be read again: what comes twice is one delivery, because its id is made of what it says. An
    artifact that is gone, too large or broken counts as one that could not be read.
    """
    artifacts = outside.artifacts.get(effect.run.place)
    if artifacts is None:
        return
    try:
        found = _choose_newest(artifacts.list_artifacts(effect.run))
    except MissingError:
        _log.warning("the run is gone", code=effect.run.code, run=effect.run.run)
        return
    project = outside.projects.get(effect.project)
    globs = project.result_artifacts if project else ()
    if tests := [each for each in found if is_wanted(each.name, globs)]:
        told = _tell(effect.run, effect.run.pipeline, _read_all(artifacts, tests))
        polled.accept([told], outside, outside.clock())
    _take_reports(effect, found, artifacts, outside)


def _choose_newest(found: Sequence[Artifact]) -> Sequence[Artifact]:
    """The newest of each name: an attempt leaves those of the earlier ones that it does not make anew."""
    newest = {each.name: each for each in sorted(found, key=lambda each: each.age)}
    return [each for _, each in sorted(newest.items())]


def _take_reports(
    effect: ReadResults, found: Sequence[Artifact], artifacts: Artifacts, outside: Outside
) -> None:
    """How many could not be read is shown beside what the tests found, until a later run puts it in order."""
    door, run = outside.doors.get(effect.door), effect.run
    in_order = sorted(found, key=lambda each: each.age)
    left = read_reports(run, door, in_order, artifacts, outside) if door else None
    if left is None:
        return
    unread = _tell(run, f"{run.pipeline}/runs", Findings(unread=left.unread))
    polled.accept([*left.deliveries, unread], outside, outside.clock())


def _read_all(artifacts: Artifacts, wanted: Sequence[Artifact]) -> Findings:
    left_out = Findings(unread=len(wanted[MOST_ARTIFACTS:]))
    return sum_findings([*(_read(artifacts, each) for each in wanted[:MOST_ARTIFACTS]), left_out])


def _read(artifacts: Artifacts, artifact: Artifact) -> Findings:
    if artifact.is_gone or artifact.size_bytes > MOST_ARCHIVE_BYTES:
        return Findings(unread=1)
    try:
        return read_archive(artifacts.read_artifact(artifact, MOST_ARCHIVE_BYTES))
    except (MissingError, OversizedError, UnreadableError) as error:
        _log.warning(
            "cannot read an artifact", repository=artifacts.name, artifact=artifact.ref, error=str(error)
        )
        return Findings(unread=1)


def _tell(run: EndedRun, pipeline: str, found: Findings) -> Delivery:
    finished = {name: getattr(run, name) for name in FinishedRun.__struct_fields__} | {"pipeline": pipeline}
    results = Results(**finished, tests=found.tests, coverage=found.coverage, unread=found.unread)
    return polled.make_delivery(
        pipeline, "results", f"{run.code}@{run.commit}", ResultsReported(results=results)
    )
