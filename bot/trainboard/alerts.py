"""Alerts as senders tell them, in our words, and the problems that they make up.

An alert is one thing that fires: a series, a column, a resource. An episode of it begins when it fires and
ends when it is resolved. A problem is what people work on: all alerts of one rule that the sender's own
grouping, or the settings, take for one. A problem gets one bug.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from trainboard.fingerprints import fingerprint

ALERT_LABEL = "tb:alert"
KEEP_OPEN_LABEL = "tb:keep-open"
MUTE_LABELS = frozenset({"wontfix", "tb:ignore"})
"""A bug that a person closed with one of these is not opened again."""

Nature = Literal["model", "monitoring"]
"""What is broken: what is watched, or the watching itself, as when a query has no data."""

VOLATILE = frozenset(
    {"instance", "pod", "container", "container_id", "replica", "prometheus", "endpoint", "node", "uid"}
)
"""Labels that change while the problem stays; they never tell two problems apart by themselves."""


class Severity(StrEnum):
    """How bad it is, worst first."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class AlertLinks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where to look, as the sender says: unchecked texts, empty where it names none."""

    runbook: str = ""
    dashboard: str = ""
    panel: str = ""
    generator: str = ""
    silence: str = ""
    external: str = ""


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a sender says of one alert.

    `fingerprint` is the same for the same alert, whenever and by whichever of several senders it is told.
    `starts_at` tells its episode, None where the sender names none: then an alert that fires goes on
    until it is told to be resolved. `severity` is the sender's own word. Labels of a model are `model`,
    `model_version`, `run_id`, `dataset`, `column`, `stage` and `service`, wherever the sender says so.
    `value` and `threshold` are texts to be shown. `sender_id` is its name in the sender's own list, empty
    where that is the fingerprint.
    """

    fingerprint: str
    rule: str
    firing: bool
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    severity: str = ""
    nature: Nature = "model"
    suppressed: bool = False
    labels: dict[str, str] = {}
    summary: str = ""
    description: str = ""
    value: str = ""
    threshold: str = ""
    links: AlertLinks = AlertLinks()
    sender_id: str = ""


class AlertGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts that a sender puts together, and the labels by which it does."""

    labels: dict[str, str] = {}
    alerts: tuple[Alert, ...] = ()


def shorten_alert(alert: Alert) -> Alert:
    """The alert with no more text than is ever shown of it."""
    return msgspec.structs.replace(
        alert,
        labels={_cut(name): _cut(value) for name, value in list(alert.labels.items())[:_MOST_LABELS]},
        summary=alert.summary[:_LONGEST_TEXT],
        description=alert.description[:_LONGEST_TEXT],
        value=_cut(alert.value),
        threshold=_cut(alert.threshold),
        severity=_cut(alert.severity),
        links=_drop_long(alert.links),
    )


def _drop_long(links: AlertLinks) -> AlertLinks:
    """An address that was cut would lead elsewhere."""
    kept = {name: url for name, url in msgspec.structs.asdict(links).items() if len(url) <= _LONGEST_ADDRESS}
    return AlertLinks(**kept)


_LONGEST_ADDRESS = 2_048
_MOST_LABELS = 40
_LONGEST_WORD = 200
_LONGEST_TEXT = 1_000


def _cut(word: str) -> str:
    return word[:_LONGEST_WORD]


def fingerprint_of(labels: Mapping[str, str]) -> str:
    """The fingerprint of an alert whose sender gives it none."""
    return fingerprint(*(part for label in sorted(labels.items()) for part in label))


def identify_problem(
    alert: Alert, group_labels: Mapping[str, str], identity: tuple[str, ...] = ()
) -> dict[str, str]:
    """The labels that tell the alert's problem from others of its rule.

    Those that the settings name as `identity`; else those by which the sender groups. Where it groups by
    every label, or the alert has no rule, all that are not volatile.
    """
    if identity:
        return {name: alert.labels.get(name, "") for name in sorted(identity)}
    if not alert.rule or (group_labels and group_labels == alert.labels):
        return {name: value for name, value in sorted(alert.labels.items()) if name not in VOLATILE}
    return dict(sorted(group_labels.items()))


def storm_key(project: str, door: str, rule: str) -> str:
    """The key of the bug that stands for many new problems of a rule; of all rules where it is empty."""
    return "storm:" + fingerprint(project, door, rule)


def problem_key(project: str, door: str, rule: str, labels: Mapping[str, str]) -> str:
    """The key of a problem: its project, the source that tells of it, its rule and its own labels."""
    return "alert:" + fingerprint(
        project, door, rule, *(part for label in sorted(labels.items()) for part in label)
    )
