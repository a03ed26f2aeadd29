"""What alerts of a sprint became: bugs, how long these took, and what told most."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from trainboard.alert_figures import AlertHistory
from trainboard.alert_figures import measure as measure_history


class OpenBug(msgspec.Struct, frozen=True, kw_only=True):
    """A bug that is open at the end. `problem` is the key of what it is about."""

    problem: str
    rule: str
    title: str = ""
    ref: str = ""
    url: str = ""


class SprintAlerts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a project's alerts.

    `is_known` is false where none was ever told of. `told` counts alerts of the time by source, `columns`
    are names of the data's columns of which alerts began in it.
    """

    history: AlertHistory
    is_known: bool = False
    told: Mapping[str, int] = {}
    still_open: tuple[OpenBug, ...] = ()
    columns: tuple[str, ...] = ()


class AlertWork(msgspec.Struct, frozen=True, kw_only=True):
    """What became of alerts in the sprint.

    `received` counts them as often as they were told; `bugs` were made of them, `closed` are those that were
    closed and are not open again. `resolve` is the median over `resolved` ones that ended well. `noisiest`
    is the source that told most, and how often; None where none told anything.
    """

    is_known: bool = False
    received: int = 0
    problems: int = 0
    bugs: int = 0
    reopened: int = 0
    closed: int = 0
    still_open: tuple[OpenBug, ...] = ()
    resolved: int = 0
    resolve: timedelta | None = None
    noisiest: tuple[str, int] | None = None
    columns: tuple[str, ...] = ()


def measure(known: SprintAlerts) -> AlertWork:
    """The figures of the time of `known.history`."""
    figures = measure_history(known.history)
    loudest = min(known.told.items(), key=lambda each: (-each[1], each[0]), default=None)
    return AlertWork(
        is_known=known.is_known,
        received=figures.alerts,
        problems=figures.problems,
        bugs=figures.bugs,
        reopened=figures.reopened,
        closed=figures.closed,
        still_open=known.still_open,
        resolved=figures.resolve.count,
        resolve=figures.resolve.median,
        noisiest=loudest,
        columns=known.columns,
    )
