"""What the tests of a run found shall be in the inbox."""

from collections.abc import Sequence

import msgspec
import structlog

from trainboard.applying import Outside, polled
from trainboard.effects import ReadResults
from trainboard.errors import MissingError, OversizedError
from trainboard.events import ResultsReported
from trainboard.pipelines import Artifact, Artifacts
from trainboard.result_files import Findings, UnreadableError, sum_findings
from trainboard.result_files.reading import MOST_ARCHIVE_BYTES, read_archive
from trainboard.results import FinishedRun, Results, is_wanted

APPLIES = ReadResults

MOST_ARTIFACTS = 10

_log = structlog.get_logger(__name__)


def apply(effect: ReadResults, outside: Outside) -> None:
    """Store what the run's artifacts tell as a delivery; nothing where it left none that is wanted.

    It may be read again: what comes twice is one delivery, because its id is made of what it says. An
    artifact that is gone, too large or broken counts as one that could not be read.
    """
    artifacts = outside.artifacts.get(effect.project)
    if artifacts is None:
        return
    globs = outside.projects[effect.project].result_artifacts
    try:
        wanted = _choose(artifacts.list_artifacts(effect.run.run), globs)
    except MissingError:
        _log.warning("the run is gone", code=effect.run.code, run=effect.run.run)
        return
    if wanted:
        _store(effect.run, _read_all(artifacts, wanted), outside)


def _choose(found: Sequence[Artifact], globs: Sequence[str]) -> Sequence[Artifact]:
    """The newest of each name: an attempt leaves those of the earlier ones that it does not make anew."""
    newest = {each.name: each for each in sorted(found, key=lambda each: each.age)}
    return [each for name, each in sorted(newest.items()) if is_wanted(name, globs)]


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


def _store(run: FinishedRun, found: Findings, outside: Outside) -> None:
    results = Results(
        **msgspec.structs.asdict(run), tests=found.tests, coverage=found.coverage, unread=found.unread
    )
    event = ResultsReported(results=results)
    delivery = polled.make_delivery(run.pipeline, "results", f"{run.code}@{run.commit}", event)
    polled.accept([delivery], outside, outside.clock())
