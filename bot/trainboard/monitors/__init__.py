"""What watches models and services. Each module here is one kind; all keep the contract in `Monitor`."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from trainboard.alerts import Alert, AlertGroup


class Monitor(Protocol):
    """Tells of all alerts that one monitor has.

    `names_groups` tells whether its groups are those by which its notifications come, so that an alert that
    nobody told of yet can be given to its problem.

    Raises (any method):
        PermanentError: the monitor refuses us, with what to change.
        TransientError: the monitor did not answer, or not with what it promises.
    """

    name: str
    names_groups: bool

    def list_groups(self, known: Mapping[str, Alert]) -> Sequence[AlertGroup]:
        """Every alert that fires now, also those that are silenced there, which are `suppressed`.

        `known` are those that fire as far as we know, by fingerprint; a monitor that names no groups may
        leave out all others.
        """
        ...
