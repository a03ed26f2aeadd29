"""What is known of a run of a pipeline shall be in the inbox."""

from collections.abc import Sequence

from trainboard.applying import Outside, polled
from trainboard.deliveries import Delivery
from trainboard.effects import ReadPipelineRun
from trainboard.events import CheckReported, DeploymentReported, PipelineRunEnded, ResultsReported
from trainboard.pipelines import Told
from trainboard.pull_requests import Approval, Check, Deployment
from trainboard.results import FinishedRun

APPLIES = ReadPipelineRun


def apply(effect: ReadPipelineRun, outside: Outside) -> None:
    """Store what the run, or its approval, tells as deliveries, part by part; nothing where nobody reads it.

    What comes twice is one delivery, because its id is made of what it says.
    """
    reader = outside.pipelines.get(effect.pipelines)
    if reader is None:
        return
    if effect.approval is not None:
        _store(effect, reader.read_approval(effect.project, effect.run, effect.approval), outside)
        return
    for part in reader.read_run(effect.project, effect.run):
        _store(effect, part, outside)


def _store(effect: ReadPipelineRun, told: Sequence[Told], outside: Outside) -> None:
    deliveries = [_delivery(effect.pipelines, each) for each in told]
    polled.accept(deliveries, outside, outside.clock())


def _delivery(pipelines: str, told: Told) -> Delivery:
    kind, subject = _subject(told)
    return polled.make_delivery(pipelines, kind, f"{subject.code}@{subject.commit}", told)


def _subject(told: Told) -> tuple[str, Check | Deployment | Approval | FinishedRun]:
    match told:
        case CheckReported():
            return "check", told.check
        case DeploymentReported():
            return "deployment", told.deployment
        case ResultsReported():
            return "results", told.results
        case PipelineRunEnded():
            return "run ended", told.run
        case _:
            return "approval", told.approval
