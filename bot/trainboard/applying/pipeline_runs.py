"""What is known of a run of a pipeline shall be in the inbox."""

import hashlib
from collections.abc import Sequence

from trainboard import events
from trainboard.applying import Outside
from trainboard.applying.readings import POLL_SOURCE
from trainboard.deliveries import Delivery
from trainboard.effects import ReadPipelineRun
from trainboard.events import CheckReported, DeploymentReported, ResultsReported
from trainboard.pipelines import Told
from trainboard.pull_requests import Approval, Check, Deployment
from trainboard.results import Results
from trainboard.store import inbox, mailboxes

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
    now = outside.clock()
    deliveries = [_delivery(effect.pipelines, each) for each in told]
    names = {f"in:{delivery.entity}" for delivery in deliveries}
    with outside.database.write() as connection:
        mailboxes.lock(connection, names)
        for delivery in deliveries:
            inbox.put(connection, delivery, now)
    for mailbox in names:
        outside.wake(mailbox, now)


def _delivery(pipelines: str, told: Told) -> Delivery:
    body = events.encode(told)
    kind, subject = _subject(told)
    return Delivery(
        source=f"{POLL_SOURCE}/{pipelines}",
        id=hashlib.sha256(body).hexdigest(),
        kind=kind,
        entity=f"{subject.code}@{subject.commit}",
        body=body,
    )


def _subject(told: Told) -> tuple[str, Check | Deployment | Approval | Results]:
    match told:
        case CheckReported():
            return "check", told.check
        case DeploymentReported():
            return "deployment", told.deployment
        case ResultsReported():
            return "results", told.results
        case _:
            return "approval", told.approval
