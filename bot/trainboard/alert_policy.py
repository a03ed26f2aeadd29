"""What a project has agreed on for the alerts of one source. Values; `settings` reads them."""

from collections.abc import Mapping
from datetime import timedelta
from fnmatch import fnmatchcase

import msgspec

from trainboard.alerts import Severity


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose the bugs are that carry a label of that value.

    `assignees` are names in the tracker, `area` is a path of areas there, None: the usual one.
    """

    label: str
    value: str
    assignees: tuple[str, ...] = ()
    area: str | None = None

    def owns(self, labels: Mapping[str, str]) -> bool:
        """True if the alert's labels are of this owner; the value is a glob."""
        return self.label in labels and fnmatchcase(labels[self.label], self.value)


class AlertPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How alerts of one source become bugs.

    `identity` names the labels that tell problems of a rule apart, none: the sender's own grouping. A bug is
    made `debounce` after the first news, and edited at most every `edit_every`, at most every `ease_every`
    where only fewer alerts fire. It is closed when nothing fires for `hold`; nothing that comes back within
    `reopen_within` makes a second one. What is not told of for `stale_after`, or for twice its longest
    silence, counts as over. A bug that a person closed while it fires is let alone for `grace`. Bugs as bad
    as `sprint_from` go into the current sprint. `severities` maps the sender's words. More than
    `storm_problems` new ones of one rule within `storm_within` become one bug, and so do more than
    `flood_problems` of all rules. `shown_labels` are the labels that are copied to the bug.
    """

    identity: tuple[str, ...] = ()
    debounce: timedelta = timedelta(seconds=2)
    edit_every: timedelta = timedelta(seconds=60)
    ease_every: timedelta = timedelta(hours=1)
    hold: timedelta = timedelta(minutes=10)
    reopen_within: timedelta = timedelta(days=7)
    stale_after: timedelta = timedelta(hours=6)
    grace: timedelta = timedelta(hours=1)
    sprint_from: Severity = Severity.ERROR
    severities: Mapping[str, Severity] = {}
    otherwise: Severity = Severity.WARNING
    owners: tuple[Owner, ...] = ()
    shown_labels: tuple[str, ...] = ()
    storm_problems: int = 5
    flood_problems: int = 20
    storm_within: timedelta = timedelta(seconds=60)
    model: str = ""

    def severity_of(self, word: str) -> Severity:
        """The severity that a sender's word means here."""
        said = word.strip().casefold()
        return self.severities.get(said) or _USUAL.get(said) or self.otherwise

    def find_owner(self, labels: Mapping[str, str]) -> Owner | None:
        """The first owner whose label the alert carries."""
        return next((owner for owner in self.owners if owner.owns(labels)), None)


_USUAL = {
    "critical": Severity.CRITICAL,
    "page": Severity.CRITICAL,
    "fatal": Severity.CRITICAL,
    "emergency": Severity.CRITICAL,
    "sev0": Severity.CRITICAL,
    "sev1": Severity.ERROR,
    "error": Severity.ERROR,
    "high": Severity.ERROR,
    "major": Severity.ERROR,
    "sev2": Severity.WARNING,
    "warning": Severity.WARNING,
    "warn": Severity.WARNING,
    "medium": Severity.WARNING,
    "minor": Severity.WARNING,
    "sev3": Severity.INFO,
    "sev4": Severity.INFO,
    "info": Severity.INFO,
    "low": Severity.INFO,
    "none": Severity.INFO,
    "notice": Severity.INFO,
}
