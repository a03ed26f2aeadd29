"""What happens to work items is written down as it is told, and looked for, so that reports know it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from msgspec import UNSET

from trainboard.effects import Effect, ReadChanges, ReadSprints
from trainboard.events import HistoryDue, WorkItemChanged
from trainboard.facts import Fact, RecordHappening
from trainboard.grades import find_estimate
from trainboard.linking import name_board
from trainboard.policy import Project
from trainboard.read import Read
from trainboard.report.happenings import Happening, State

HANDLES = (HistoryDue, WorkItemChanged)

_WHOLE = frozenset({"opened", "milestoned"})
"""All that the sender shows of the item is told: who put it into a sprint may have told nothing before."""

_MATTERS = frozenset({"title", "state", "iteration", "labels"})
_ESTIMATES = "Microsoft.VSTS.Scheduling."

_LEFT = frozenset({"demilestoned", "deleted", "transferred"})
_SEQUENCE = {"demilestoned": 0, "opened": 0, "milestoned": 1, "labeled": 3, "reopened": 3}
"""Who moves an item from one sprint to another, or gives it another label, does so at one moment."""

_USUAL = 2


def react(event: HistoryDue | WorkItemChanged, read: Read) -> Iterator[Fact | Effect]:
    """One look at each project when it is time; what happened as a fact, or what to ask for.

    A sender that does not say how an item stands is no witness: the tracker is asked.
    """
    if isinstance(event, HistoryDue):
        for project in read.list_projects():
            yield ReadSprints(project=project.name)
        return
    for project in read.list_projects():
        if name_board(project.tracker).casefold() != event.tracker.casefold():
            continue
        if event.state is None:
            if _may_matter(event):
                yield ReadChanges(project=project.name)
        elif told := _tell(event, project, read):
            yield RecordHappening(
                project=project.name,
                happening=Happening(
                    item=event.ref, at=event.at, sequence=_SEQUENCE.get(event.action, _USUAL), **told
                ),
            )


def _may_matter(event: WorkItemChanged) -> bool:
    """Comments and texts are no part of a report; whoever does not say what changed may have changed all."""
    if event.action == "commented":
        return False
    return not event.fields or any(name in _MATTERS or name.startswith(_ESTIMATES) for name in event.fields)


def _tell(event: WorkItemChanged, project: Project, read: Read) -> dict[str, Any]:
    """What the action is about, and no more: what else the sender shows may be of a later moment."""
    if event.action in _WHOLE:
        return _tell_of_title(event) | _tell_of_sprint(event, project, read) | _tell_of_labels(event, project)
    if event.action in _LEFT:
        return {"sprint": None}
    if event.action in {"closed", "reopened"}:
        return {"state": _to_state(event)}
    if event.action == "edited" and "title" in event.fields:
        return _tell_of_title(event)
    if event.action in {"labeled", "unlabeled"}:
        return _tell_of_label(event, project)
    return {}


def _tell_of_title(event: WorkItemChanged) -> dict[str, Any]:
    return {"title": event.title, "url": event.url or UNSET}


def _tell_of_sprint(event: WorkItemChanged, project: Project, read: Read) -> dict[str, Any]:
    """Also how it ended: an open one may have begun, which this sender does not tell."""
    sprint = read.find_iteration_of(project.name, event.iteration) if event.iteration else None
    return {"sprint": sprint} | ({"state": _to_state(event)} if event.state == "closed" else {})


def _tell_of_labels(event: WorkItemChanged, project: Project) -> dict[str, Any]:
    begins = any(map(project.sprint.is_start, event.labels))
    return {"points": _to_points(find_estimate(event.labels))} | ({"begins": True} if begins else {})


def _tell_of_label(event: WorkItemChanged, project: Project) -> dict[str, Any]:
    """Who gives another estimate puts on one label and takes off the other, in any order."""
    put_on = event.action == "labeled"
    estimate = find_estimate((event.label,))
    told = (
        {}
        if estimate is None
        else {"points": _to_points(estimate if put_on else find_estimate(event.labels))}
    )
    return told | ({"begins": True} if put_on and project.sprint.is_start(event.label) else {})


def _to_points(estimate: float | None) -> Decimal | None:
    return None if estimate is None else Decimal(str(estimate))


def _to_state(event: WorkItemChanged) -> State:
    if event.state == "open":
        return "open"
    return "cancelled" if event.closed_as == "not planned" else "done"
