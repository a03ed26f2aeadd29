"""The labels of bugs: those that say how a problem stands, and those that are copied from its alerts."""

from collections.abc import Iterator, Mapping

from trainboard.alert_life import Closing, Problem, Stand
from trainboard.alert_policy import AlertPolicy
from trainboard.alerts import ALERT_LABEL, Severity

FLAPPING, SILENCED, STALE, STORM = "tb:flapping", "tb:silenced", "tb:stale", "tb:storm"
SEVERITY = "tb:severity-"
CHANGING = frozenset({FLAPPING, SILENCED, STALE, *(f"{SEVERITY}{each}" for each in Severity)})
"""Those that are taken off again when they no longer hold."""


def list_labels(problem: Problem, stand: Stand, closing: Closing | None = None) -> Iterator[str]:
    """What the bug carries by our own doing."""
    yield ALERT_LABEL
    yield f"{SEVERITY}{stand.severity}"
    if stand.flapping:
        yield FLAPPING
    if stand.suppressed:
        yield SILENCED
    if problem.kind == "storm":
        yield STORM
    if closing == "stale":
        yield STALE


def list_copied(stand: Stand, policy: AlertPolicy) -> Iterator[str]:
    """Labels of the worst alert that the settings copy, unchecked, as the bug gets them when it is made."""
    told = labels_of(stand)
    for name in policy.shown_labels:
        if value := told.get(name):
            yield f"{name}:{value}"


def labels_of(stand: Stand) -> Mapping[str, str]:
    """The labels of the worst alert that fires."""
    return stand.firing[0].alert.labels if stand.firing else {}
