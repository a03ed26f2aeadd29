"""How well deploying to production went: the five figures of DORA, for a sprint and for 90 days.

Source: "DORA's software delivery metrics: the five metrics".
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

import msgspec

from trainboard.delivery_figures import has_failed, list_changes, list_outages
from trainboard.deployments import Environment, Step, Timelines
from trainboard.iterations import Iteration
from trainboard.report.velocity import divide

LONG = timedelta(days=90)
_INSTANT = timedelta(microseconds=1)


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of pull requests that came into production, by their numbers.

    `commits` are when each of its commits was first told to be the pull request's head, None for one of
    which nobody told. `repairs` are those that belong to the bug of an alert.
    """

    commits: Mapping[int, Sequence[datetime | None]] = {}
    repairs: frozenset[int] = frozenset()


class OpenOutage(msgspec.Struct, frozen=True, kw_only=True):
    """Something broken that stands in production; `ref` and `url` are of the deployment that began it."""

    environment: str
    began_at: datetime
    ref: str
    url: str = ""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of what happened at `since` or later, and before `until`; percents are to a tenth.

    `deployments`, those that succeeded, whatever became of them later, `changes`, `failed` and `rework` are
    refs of deployments. `lead_time` is the median of `commits`; those
    that were deployed no later than they were made are counted as `backwards`, those whose time nobody told
    as `untimed`. `change_fail_percent` is of `changes`, `recovery` the median of `recovered`,
    `rework_percent` of `deployments`. None stands for what nothing is known of.
    """

    since: datetime
    until: datetime
    deployments: tuple[str, ...]
    lead_time: timedelta | None
    commits: int
    backwards: int
    untimed: int
    changes: tuple[str, ...]
    failed: tuple[str, ...]
    change_fail_percent: Decimal | None
    recovery: timedelta | None
    recovered: int
    rework: tuple[str, ...]
    rework_percent: Decimal | None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """The sprint, and the 90 days before its end, or as many as are kept; None for the `reason`.

    `open_outages` have not ended by then, the oldest first.
    """

    reason: str = ""
    sprint: Window | None = None
    long: Window | None = None
    open_outages: tuple[OpenOutage, ...] = ()


def measure(
    timelines: Timelines, code: Code, sprint: Iteration, now: datetime, kept_since: datetime
) -> Delivery:
    """The figures of the sprint as far as it came; nothing is looked at that was before `kept_since`."""
    until = min(now, sprint.ends_at)
    production = timelines.production
    steps = [step for each in production for step in each.steps if step.at < until]
    if not steps:
        return Delivery(reason="nobody told of a deployment to production")
    return Delivery(
        sprint=_look(production, steps, code, sprint.starts_at, until),
        long=_look(production, steps, code, max(until - LONG, kept_since), until),
        open_outages=tuple(_list_open(production, until)),
    )


def _look(
    production: Iterable[Environment], steps: Sequence[Step], code: Code, since: datetime, until: datetime
) -> Window:
    succeeded = [step for step in steps if step.deployment.succeeded_at and since <= step.at < until]
    times = _list_commits(steps, code, since)
    leads = [lead for lead in times if lead is not None and lead > timedelta(0)]
    changes = list_changes(steps, since - _INSTANT, until - _INSTANT)
    failed = [step for step in changes if has_failed(step)]
    restored = [
        each.ended_at - each.step.at
        for environment in production
        for each in list_outages(environment)
        if each.ended_at and since <= each.ended_at < until
    ]
    rework = [step for step in succeeded if _is_rework(step, code)]
    return Window(
        since=since,
        until=until,
        deployments=_name(succeeded),
        lead_time=_median(leads),
        commits=len(leads),
        backwards=sum(lead is not None for lead in times) - len(leads),
        untimed=sum(lead is None for lead in times),
        changes=_name(changes),
        failed=_name(failed),
        change_fail_percent=_share(failed, changes),
        recovery=_median(restored),
        recovered=len(restored),
        rework=_name(rework),
        rework_percent=_share(rework, succeeded),
    )


def _name(steps: Iterable[Step]) -> tuple[str, ...]:
    """The first at the beginning."""
    told = sorted((step.at, step.deployment.ref) for step in steps)
    return tuple(ref for _, ref in told)


def _share(part: Sequence[Step], whole: Sequence[Step]) -> Decimal | None:
    return divide(Decimal(len(part)), Decimal(len(whole)))


def _list_commits(steps: Iterable[Step], code: Code, since: datetime) -> list[timedelta | None]:
    """How long each commit took that came into production for the first time since then."""
    came: set[int] = set()
    found: list[timedelta | None] = []
    for step in sorted(steps, key=lambda each: each.at):
        for merged in step.pull_requests if step.deployment.succeeded_at else ():
            if merged.number not in came and step.at >= since:
                made = code.commits.get(merged.number) or (None,)
                found += [None if each is None else step.at - each for each in made]
            came.add(merged.number)
    return found


def _is_rework(step: Step, code: Code) -> bool:
    return step.is_rollback or any(each.number in code.repairs for each in step.pull_requests)


def _list_open(production: Iterable[Environment], until: datetime) -> list[OpenOutage]:
    found = [
        OpenOutage(
            environment=each.environment,
            began_at=each.step.at,
            ref=each.step.deployment.ref,
            url=each.step.deployment.url,
        )
        for environment in production
        for each in list_outages(environment)
        if each.step.at < until and (each.ended_at is None or each.ended_at >= until)
    ]
    return sorted(found, key=lambda each: (each.began_at, each.environment, each.ref))


def _median(lengths: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(each.total_seconds() for each in lengths)) if lengths else None
