"""A monitor tells of alerts: note which problems they belong to, and keep their bugs in step.

Where many problems begin at once they get one bug together, a storm.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import structs

from trainboard.alert_life import Problem
from trainboard.alert_policy import AlertPolicy
from trainboard.alerts import Alert, AlertGroup, identify_problem, problem_key, storm_key
from trainboard.effects import Effect, EnsureAlertItem
from trainboard.events import AlertsDue, AlertsListed, AlertsReported, WorkItemChanged
from trainboard.facts import Fact, RecordAlerts, RecordStorm, RecordTouch
from trainboard.policy import Door
from trainboard.read import Read

HANDLES = (AlertsReported, AlertsListed, AlertsDue, WorkItemChanged)

Told = AlertsReported | AlertsListed | AlertsDue | WorkItemChanged


def react(event: Told, read: Read) -> Iterator[Fact | Effect]:
    """What was told as facts, one for each problem; then a look at their bugs."""
    match event:
        case AlertsReported():
            yield from _reported(event, read)
        case AlertsListed():
            yield from _listed(event, read)
        case AlertsDue():
            for problem in read.list_due_problems():
                yield _ensure(problem.project, problem.storm or problem.key)
        case _:
            yield from _touched(event, read)


def _reported(event: AlertsReported, read: Read) -> Iterator[Fact | Effect]:
    door = read.find_door(event.door)
    if door is None or door.alerts is None:
        return
    group = AlertGroup(labels=event.group_labels, alerts=event.alerts)
    at = min(event.at, read.now) if event.at else read.now
    told = _by_problem(door, door.alerts, [group], at, truncated=event.truncated + event.unread)
    facts = [fact for fact in told if _is_news(fact, read)]
    yield from facts
    yield from _storms(door, door.alerts, read)
    yield from _ensured(facts, read)


def _is_news(fact: RecordAlerts, read: Read) -> bool:
    """False where a sender that knows no episodes only tells that nothing is wrong, and nothing ever was.

    An episode that is told to be over is kept: that it fired may come late.
    """
    if any(alert.firing or alert.starts_at for alert in fact.alerts):
        return True
    return read.find_problem(fact.key) is not None


def _by_problem(
    door: Door, policy: AlertPolicy, groups: Iterable[AlertGroup], at: datetime, *, truncated: int = 0
) -> Iterator[RecordAlerts]:
    problems: dict[str, tuple[dict[str, str], list[Alert]]] = {}
    for group in groups:
        for alert in group.alerts:
            labels = identify_problem(alert, group.labels, policy.identity)
            key = problem_key(door.project, door.name, alert.rule, labels)
            problems.setdefault(key, (labels, []))[1].append(alert)
    for key, (labels, alerts) in problems.items():
        yield RecordAlerts(
            project=door.project,
            door=door.name,
            key=key,
            rule=alerts[0].rule,
            nature=alerts[0].nature,
            labels=labels,
            alerts=tuple(alerts),
            truncated=truncated,
            at=at,
        )


def _listed(event: AlertsListed, read: Read) -> Iterator[Fact | Effect]:
    """What is on the list fires; what is known to fire and is not on it does not.

    An alert that is known stays with its problem, by whatever its monitor groups it now.
    """
    door = read.find_door(event.door)
    if door is None or door.alerts is None:
        return
    firing = read.list_firing_alerts(door.project, door.name)
    facts = list(_of_known(event, firing, read))
    unknown = [_without(group, firing) for group in event.groups]
    facts += _by_problem(door, door.alerts, unknown, event.at)
    yield from facts
    yield from _storms(door, door.alerts, read)
    yield from _ensured(facts, read)


def _of_known(
    event: AlertsListed, firing: Mapping[str, tuple[str, Alert]], read: Read
) -> Iterator[RecordAlerts]:
    listed = {alert.fingerprint: alert for group in event.groups for alert in group.alerts}
    for key in dict.fromkeys(key for key, _ in firing.values()):
        problem = read.find_problem(key)
        if problem is None:
            continue
        mine = {name: alert for name, (of, alert) in firing.items() if of == key and name in listed}
        yield RecordAlerts(
            project=problem.project,
            door=problem.door,
            key=key,
            rule=problem.rule,
            nature=problem.nature,
            labels=problem.labels,
            alerts=tuple(_as_listed(alert, listed[name]) for name, alert in mine.items()),
            at=event.at,
            complete=True,
        )


def _as_listed(known: Alert, listed: Alert) -> Alert:
    return structs.replace(known, suppressed=listed.suppressed, starts_at=listed.starts_at)


def _without(group: AlertGroup, firing: Mapping[str, tuple[str, Alert]]) -> AlertGroup:
    alerts = tuple(alert for alert in group.alerts if alert.fingerprint not in firing)
    return AlertGroup(labels=group.labels, alerts=alerts)


def _storms(door: Door, policy: AlertPolicy, read: Read) -> Iterator[Fact]:
    """What began of late and has no bug gets one together, if there is too much of a rule, or at all."""
    since = read.now - policy.storm_within
    waiting = read.list_waiting_problems(door.project, door.name, since)
    if not waiting:
        return
    counts = read.count_beginning_problems(door.project, door.name, since)
    stormy = {rule for rule, count in counts.items() if count > policy.storm_problems}
    for rule in stormy.intersection(each.rule for each in waiting):
        yield _storm(door, rule, [each for each in waiting if each.rule == rule], read)
    rest = [each for each in waiting if each.rule not in stormy]
    if rest and sum(count for rule, count in counts.items() if rule not in stormy) > policy.flood_problems:
        yield _storm(door, "", rest, read)


def _storm(door: Door, rule: str, members: Iterable[Problem], read: Read) -> RecordStorm:
    return RecordStorm(
        project=door.project,
        door=door.name,
        key=storm_key(door.project, door.name, rule),
        rule=rule,
        members=tuple(each.key for each in members),
        at=read.now,
    )


def _ensured(facts: Iterable[RecordAlerts], read: Read) -> Iterator[Effect]:
    problems = (read.find_problem(fact.key) for fact in facts)
    keys = dict.fromkeys((each.project, each.storm or each.key) for each in problems if each)
    for project, key in keys:
        yield _ensure(project, key)


def _touched(event: WorkItemChanged, read: Read) -> Iterator[Fact | Effect]:
    """A person changed a bug, or a tracker does not say who did."""
    if event.by_bot:
        return
    problem = read.find_problem_by_ref(event.tracker, event.ref)
    if problem is not None:
        yield RecordTouch(tracker=event.tracker, ref=event.ref, at=event.at)
        yield _ensure(problem.project, problem.key)


def _ensure(project: str, key: str) -> Effect:
    return EnsureAlertItem(project=project, problem=key)
