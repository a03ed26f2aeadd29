"""What was trained anew in a sprint, and why."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET

from trainboard.policy import Project
from trainboard.runs import Group, Links, RunReport, list_working
from trainboard.triggers import Trigger, TriggerState

Cause = Literal["drift alert", "command", "schedule", "other"]
CAUSES: tuple[Cause, ...] = ("drift alert", "command", "schedule", "other")
CAUSE_TAG = "retrain_cause"
"""The tag by which a run says why: one of `CAUSES`, or what GitHub or Azure Pipelines call the event."""

_RETRAIN = "retrain"
_TOLD: dict[str, Cause] = {
    "alert": "drift alert",
    "drift": "drift alert",
    "drift alert": "drift alert",
    "command": "command",
    "schedule": "schedule",
}


class Retrain(msgspec.Struct, frozen=True, kw_only=True):
    """A training that was started anew: `ref` is the key of what asked for it, or the id of its run."""

    ref: str
    at: datetime
    cause: Cause
    url: str = ""


def list_retrains(
    project: Project,
    triggers: Iterable[Trigger],
    runs: Iterable[RunReport],
    bugs: Collection[tuple[str, str]],
) -> tuple[Retrain, ...]:
    """Each once, the first at the beginning.

    Args:
        project: whose pipelines tell which of the triggers train.
        triggers: runs of pipelines that people asked for; those that were not started count nothing.
        runs: those that say that their stage is `retrain` count, unless a trigger led to them; runs of one
            sweep, or of one run of a pipeline, are one retraining.
        bugs: tracker, in small letters, and ref of the bugs of alerts: what is asked for there has an alert
            as its cause.
    """
    asked = [each for each in triggers if _is_retraining(project, each)]
    found = [Retrain(ref=each.key, at=each.at, cause=_find_cause(each, bugs), url=each.url) for each in asked]
    known = {each.url for each in asked if each.url}
    found += _list_told(list_working(list(runs)), known)
    return tuple(sorted(found, key=lambda each: (each.at, each.ref)))


def _is_retraining(project: Project, trigger: Trigger) -> bool:
    """A pipeline that also deploys is told apart by the environment that it changes."""
    pipeline = project.find_pipeline(trigger.pipeline)
    is_started = trigger.state is TriggerState.STARTED and not trigger.environment
    return is_started and pipeline is not None and _RETRAIN in pipeline.commands


def _find_cause(trigger: Trigger, bugs: Collection[tuple[str, str]]) -> Cause:
    origin = trigger.origin
    is_on_bug = not origin.is_pull_request and (origin.place.casefold(), origin.ref) in bugs
    return "drift alert" if is_on_bug else "command"


def _list_told(runs: Iterable[RunReport], known: Collection[str]) -> Iterator[Retrain]:
    seen: set[tuple[str, str]] = set()
    for report in sorted(runs, key=lambda each: (each.source, each.run.id)):
        started_at, address = report.run.started_at, _find_address(report)
        if report.stage != _RETRAIN or started_at is UNSET or _begins_with(address, known):
            continue
        group = report.run.group
        name = address or (group.id if isinstance(group, Group) else report.run.id)
        if (report.source, name) not in seen:
            seen.add((report.source, name))
            tags = {} if report.tags is UNSET else report.tags
            cause = _TOLD.get(tags.get(CAUSE_TAG, "").strip().casefold(), "other")
            yield Retrain(ref=report.run.id, at=started_at, cause=cause, url=report.run.url or "")


def _find_address(report: RunReport) -> str:
    return (report.links.ci_url or "") if isinstance(report.links, Links) else ""


def _begins_with(address: str, known: Collection[str]) -> bool:
    """True for the page of a run, or of a job or attempt of it."""
    return any(address == each or address.startswith(f"{each.rstrip('/')}/") for each in known)
