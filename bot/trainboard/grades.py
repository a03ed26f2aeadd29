"""Priorities and estimates of work items where these have no fields for them: as labels."""

from collections.abc import Iterable

from msgspec import UNSET
from msgspec.structs import replace

from trainboard.work_items import WorkItemChange

_PRIORITY, _POINTS = "tb:priority-", "tb:points-"


def says_grades(change: WorkItemChange) -> bool:
    """True if it changes the priority or the estimate."""
    return change.priority is not UNSET or change.estimate is not UNSET


def label_grades(change: WorkItemChange, labels: Iterable[str]) -> WorkItemChange:
    """The change with its priority and estimate as labels, of an item that carries `labels` now."""
    wanted, outdated = [], []
    for mark, value in ((_PRIORITY, change.priority), (_POINTS, change.estimate)):
        if value is not UNSET:
            name = "" if value is None else f"{mark}{value:g}"
            wanted += [name] if name else []
            outdated += [each for each in labels if each.casefold().startswith(mark) and each != name]
    return replace(
        change,
        priority=UNSET,
        estimate=UNSET,
        add_labels=(*change.add_labels, *wanted),
        remove_labels=(*change.remove_labels, *outdated),
    )


def find_priority(labels: Iterable[str]) -> int | None:
    """The priority that a label says."""
    found = _find(labels, _PRIORITY)
    return None if found is None else int(found)


def find_estimate(labels: Iterable[str]) -> float | None:
    """The estimate that a label says."""
    return _find(labels, _POINTS)


def _find(labels: Iterable[str], mark: str) -> float | None:
    """The greatest, where several say something; what is no plain number says nothing."""
    said = (each[len(mark) :] for each in labels if each.casefold().startswith(mark))
    numbers = [float(each) for each in said if each.replace(".", "", 1).isdecimal() and each.isascii()]
    return max(numbers, default=None)
