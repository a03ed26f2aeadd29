"""How well deploying to production goes: the four figures of DORA.

Source: "DORA's software delivery metrics".
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

import msgspec

from trainboard.deployments import Environment, Step, Timelines
from trainboard.pull_requests import DeploymentState

_WEEK = timedelta(days=7)
_UNDONE = frozenset({DeploymentState.FAILED, DeploymentState.ROLLED_BACK})


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of a stretch of time; None stands for what nothing is known of.

    `deployments_per_week` is a rate, `change_failure_rate` a share from 0 to 1.
    """

    deployments_per_week: float | None = None
    lead_time: timedelta | None = None
    change_failure_rate: float | None = None
    time_to_restore: timedelta | None = None


def measure(timelines: Timelines, since: datetime, until: datetime) -> Figures:
    """The figures of what happened in production after `since` and not after `until`."""
    production = timelines.production
    steps = [step for each in production for step in each.steps]
    return Figures(
        deployments_per_week=find_frequency(steps, since, until),
        lead_time=find_lead_time(steps, since, until),
        change_failure_rate=find_failure_rate(steps, since, until),
        time_to_restore=find_time_to_restore(production, since, until),
    )


def find_frequency(steps: Sequence[Step], since: datetime, until: datetime) -> float | None:
    """Deployments that succeeded within the time, divided by its weeks.

    A rollback is one, and so is one that was replaced or rolled back later. None where no deployment is
    known, of whatever time.
    """
    if not steps:
        return None
    succeeded = sum(since < step.at <= until for step in steps if step.deployment.succeeded_at is not None)
    return succeeded * _WEEK / (until - since)


def find_lead_time(steps: Iterable[Step], since: datetime, until: datetime) -> timedelta | None:
    """Median over pull requests of: moment of the first success in production minus moment of the merge.

    Counted are those whose head or merge commit was deployed, by itself or within a later one, not before the
    merge, and for the first time within the time. None where there is none.
    """
    first: dict[int, timedelta] = {}
    counted: set[int] = set()
    for step in sorted(steps, key=lambda each: each.at):
        for merged in step.pull_requests if step.deployment.succeeded_at else ():
            if merged.merged_at and merged.merged_at <= step.at and merged.number not in first:
                first[merged.number] = step.at - merged.merged_at
                counted |= {merged.number} if since < step.at <= until else set()
    return _median([first[number] for number in counted])


def find_failure_rate(steps: Iterable[Step], since: datetime, until: datetime) -> float | None:
    """Changes that failed, divided by all of `list_changes`. None where there is none."""
    changes = [step.state in _UNDONE for step in list_changes(steps, since, until)]
    return sum(changes) / len(changes) if changes else None


def list_changes(steps: Iterable[Step], since: datetime, until: datetime) -> list[Step]:
    """Deployments within the time that succeeded or failed and are no rollback.

    One that was cancelled, or has not ended, is none. It failed, as `has_failed` says, if the deployment
    failed or was rolled back, also where that came after the time.
    """
    return [step for step in steps if since < step.at <= until and not step.is_rollback and _has_ended(step)]


def has_failed(change: Step) -> bool:
    """True for one that failed, or was rolled back later."""
    return change.state in _UNDONE


def find_time_to_restore(
    production: Iterable[Environment], since: datetime, until: datetime
) -> timedelta | None:
    """Median over outages of: moment of the restoring success minus beginning.

    Counted are those that ended within the time. None where there is none.
    """
    outages = [outage for each in production for outage in list_outages(each)]
    return _median(
        [each.ended_at - each.step.at for each in outages if each.ended_at and since < each.ended_at <= until]
    )


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """A time from `step` on in which something broken stood in `environment`.

    `ended_at` is None where it has not ended.
    """

    environment: str
    step: Step
    ended_at: datetime | None


def list_outages(environment: Environment) -> Iterator[Outage]:
    """The outages of an environment, in their order.

    One begins with the first deployment that failed, or that succeeded and was rolled back later, and ends
    with the next success there that was not rolled back.
    """
    first: Step | None = None
    for step in reversed(environment.steps):
        if step.state in _UNDONE:
            first = first or step
        elif first and step.deployment.succeeded_at:
            yield Outage(environment=environment.name, step=first, ended_at=step.at)
            first = None
    if first is not None:
        yield Outage(environment=environment.name, step=first, ended_at=None)


def _has_ended(step: Step) -> bool:
    return step.deployment.succeeded_at is not None or step.state in _UNDONE


def _median(lengths: Collection[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(each.total_seconds() for each in lengths)) if lengths else None
