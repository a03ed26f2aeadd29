"""What a run tracker knows of a run that a job named shall be in the inbox."""

import structlog

from trainboard import events
from trainboard.applying import Outside, polled
from trainboard.effects import ReadRun
from trainboard.events import RunReported
from trainboard.fingerprints import fingerprint

APPLIES = ReadRun

_log = structlog.get_logger(__name__)


def apply(effect: ReadRun, outside: Outside) -> None:
    """Store what the tracker tells of the run as a delivery; nothing where nobody reads it any more.

    Where the tracker does not know it, or not as one that may be read, what the job said stands by itself.
    The delivery is another one than that of a poll, which may have been worked on before the job's word was.
    """
    reader = outside.readers.get(effect.door)
    if reader is None:
        return
    report = reader.find_run(effect.run)
    if report is None:
        _log.warning("a job named a run that is not there to be read", door=effect.door, run=effect.run)
        return
    event = RunReported(door=effect.door, report=report)
    entity, id_ = (
        f"{effect.door}/{report.experiment.name}",
        fingerprint("named", events.encode(event).decode()),
    )
    delivery = polled.make_delivery(effect.door, "run", entity, event, id_=id_)
    polled.accept([delivery], outside, outside.clock())
