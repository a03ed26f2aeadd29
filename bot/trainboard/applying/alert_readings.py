"""The alerts that a monitor has shall be in the inbox, where they are others than those that we know of."""

from collections.abc import Mapping, Sequence

import structlog

from trainboard.alerts import Alert, AlertGroup
from trainboard.applying import Outside, polled
from trainboard.effects import ReadAlerts
from trainboard.events import AlertsListed
from trainboard.store import problems

APPLIES = ReadAlerts

_log = structlog.get_logger(__name__)


def apply(effect: ReadAlerts, outside: Outside) -> None:
    """Ask the monitor, and store its list as a delivery if it differs from what is known.

    The list is of the moment before it was asked: what is told meanwhile is newer.
    """
    monitor, door = outside.monitors.get(effect.door), outside.doors.get(effect.door)
    if monitor is None or door is None:
        return
    at = outside.clock()
    with outside.database.read() as connection:
        before = problems.list_firing_alerts(connection, door.project, door.name)
    groups = monitor.list_groups({name: alert for name, (_, alert) in before.items()})
    with outside.database.read() as connection:
        firing = problems.list_firing_alerts(connection, door.project, door.name)
    known = {name: alert for name, (_, alert) in firing.items()}
    listed = list(groups) if monitor.names_groups else _only(groups, known)
    if _tell(listed) == _tell([AlertGroup(alerts=tuple(known.values()))]):
        return
    event = AlertsListed(door=door.name, groups=tuple(listed), at=at)
    delivery = polled.make_delivery(door.name, "alerts", door.name.partition("/")[0], event)
    polled.accept([delivery], outside, at)
    _log.info("the monitor has other alerts than were told", source=door.name)


def _only(groups: Sequence[AlertGroup], known: Mapping[str, Alert]) -> list[AlertGroup]:
    mine = (tuple(alert for alert in group.alerts if alert.fingerprint in known) for group in groups)
    return [AlertGroup(alerts=alerts) for alerts in mine if alerts]


def _tell(groups: Sequence[AlertGroup]) -> set[tuple[str, bool]]:
    """What makes two lists differ."""
    return {(alert.fingerprint, alert.suppressed) for group in groups for alert in group.alerts}
