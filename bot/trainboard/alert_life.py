"""The life of a problem: what fires, when it is over, and what shall become of its bug. Pure.

An alert that fires counts until its sender says that it is resolved, or is silent for too long. What comes
late or twice changes nothing. Times are the sender's where it names them, ours where it does not.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from trainboard.alert_policy import AlertPolicy
from trainboard.alerts import Alert, Nature, Severity, shorten_alert

FLAPS = 3
FLAPS_WITHIN = timedelta(hours=1)
LONGEST_HOLD = timedelta(days=1)
_MOST_STARTS = 20

ProblemState = Literal["waiting", "open", "closed", "gone"]
Closing = Literal["resolved", "stale", "done", "not planned"]
MomentKind = Literal[
    "told", "began", "over", "storm", "made", "shown", "closed", "reopened", "touched", "renewed"
]


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """One alert of a problem as it stands: since when it fires, or when it ended.

    `starts` are when it began to fire of late, oldest first; `told_at` is when the sender last said
    something of it, `seen_at` when it last was told to fire.
    """

    alert: Alert
    firing: bool
    since: datetime
    told_at: datetime
    seen_at: datetime
    starts_at: datetime | None = None
    ended_at: datetime | None = None
    starts: tuple[datetime, ...] = ()


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem and its bug.

    `generation` counts its bugs. `began_at` is when this generation's first alert came, `storm` the key of
    the storm that shows it. `ref` and `url` are of its bug, `earlier` the ref of the bug before it.
    `closed_by` and `closed_as` tell how that ended. `touched` tells that a person changed it since it was
    read. `written` is the number of alerts that the bug says to fire, a colon and a fingerprint, and
    `severity` the one that it was given. `longest_gap` is the longest silence between two times that it was
    told to fire; `truncated` counts alerts that the last message left out; `told` counts alerts that came in.
    Until `quiet_until` the bug is left alone while it fires. `sprint` is the one that its bug was made in,
    None for the backlog.
    """

    project: str
    door: str
    key: str
    rule: str
    nature: Nature = "model"
    labels: dict[str, str] = {}
    kind: Literal["problem", "storm"] = "problem"
    generation: int = 1
    state: ProblemState = "waiting"
    began_at: datetime
    last_seen_at: datetime
    longest_gap: timedelta = timedelta(0)
    truncated: int = 0
    told: int = 0
    storm: str | None = None
    tracker: str = ""
    ref: str = ""
    url: str = ""
    title: str = ""
    earlier: str = ""
    made_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: Literal["", "bot", "person"] = ""
    closed_as: Closing | None = None
    acknowledged_at: datetime | None = None
    quiet_until: datetime | None = None
    touched: bool = False
    keep_open: bool = False
    written: str = ""
    written_at: datetime | None = None
    severity: Severity | None = None
    look_at: datetime | None = None
    sprint: int | None = None


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that became of a problem while it had its `generation`th bug, or before that was made.

    `note` is of its kind: how many alerts were `told`; when they `began`, or were `over`, as ISO 8601, where
    the sender says so; how the bug was `closed`. `at` is when we learned of it.
    """

    problem: str
    generation: int = 1
    kind: MomentKind
    at: datetime
    note: str = ""

    @property
    def happened_at(self) -> datetime:
        """When alerts began or were over by their sender's word, else when we learned of it."""
        return datetime.fromisoformat(self.note) if self.kind in {"began", "over"} and self.note else self.at


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """How a problem stands at a moment.

    `firing` are its alerts that fire, worst and oldest first, `silent` those that nobody tells of any
    more. `over_at` is when the last one ended, None while one fires; after `hold` more it is over for good.
    `flapping` tells that it comes and goes, `suppressed` that all that fires is silenced at the sender.
    """

    firing: tuple[Episode, ...]
    silent: tuple[Episode, ...]
    severity: Severity
    since: datetime
    last_start: datetime
    over_at: datetime | None
    hold: timedelta
    flapping: bool
    suppressed: bool


class Step(StrEnum):
    """What shall become of a problem's bug."""

    NOTHING = "nothing"
    MAKE = "make"
    SHOW = "show"
    CLOSE = "close"
    REOPEN = "reopen"
    RENEW = "renew"


class Plan(msgspec.Struct, frozen=True):
    """A step, and when to look again if nothing is told before; None: only when something is told."""

    step: Step
    look_at: datetime | None = None


def merge_alert(known: Episode | None, alert: Alert, at: datetime) -> Episode | None:
    """What is known of the alert after it was told at `at`; None if that changes nothing.

    A message about an earlier episode than the one that is known is late, whatever it says.
    """
    alert = shorten_alert(alert)
    if known is None:
        return _first(alert, at)
    if _is_late(known, alert, at):
        return None
    return _fire(known, alert, at) if alert.firing else _end(known, alert, at)


def _first(alert: Alert, at: datetime) -> Episode:
    since = _begin(alert, at)
    return Episode(
        alert=alert,
        firing=alert.firing,
        since=since,
        told_at=at,
        seen_at=at,
        starts_at=alert.starts_at,
        ended_at=None if alert.firing else _ending(alert, at),
        starts=(since,) if alert.firing else (),
    )


def _begin(alert: Alert, at: datetime) -> datetime:
    return min(alert.starts_at, at) if alert.starts_at else at


def _ending(alert: Alert, at: datetime) -> datetime:
    return min(alert.ends_at, at) if alert.ends_at else at


def _is_late(known: Episode, alert: Alert, at: datetime) -> bool:
    """An end without a length is that of the episode that is known: its sender never named a start.

    Source: Alertmanager writes the end of an alert as its start then, whatever it said before.
    """
    if alert.starts_at is None or known.starts_at is None:
        return at < known.told_at
    if not alert.firing and alert.starts_at == alert.ends_at:
        return at < known.told_at
    if alert.starts_at != known.starts_at:
        return alert.starts_at < known.starts_at
    return alert.firing and not known.firing and not known.alert.firing


def _fire(known: Episode, alert: Alert, at: datetime) -> Episode:
    fresh = not known.firing or (alert.starts_at is not None and alert.starts_at != known.starts_at)
    since = _begin(alert, at) if fresh else known.since
    return msgspec.structs.replace(
        known,
        alert=alert,
        firing=True,
        since=since,
        told_at=max(at, known.told_at),
        seen_at=max(at, known.seen_at),
        starts_at=alert.starts_at,
        ended_at=None,
        starts=(*known.starts, since)[-_MOST_STARTS:] if fresh else known.starts,
    )


def _end(known: Episode, alert: Alert, at: datetime) -> Episode:
    return msgspec.structs.replace(
        known,
        alert=alert,
        firing=False,
        told_at=max(at, known.told_at),
        starts_at=max(filter(None, (alert.starts_at, known.starts_at)), default=None),
        ended_at=_ending(alert, at) if known.firing else known.ended_at,
    )


def end_episode(known: Episode, at: datetime) -> Episode:
    """The alert fires no longer, by a list of all alerts that was made at `at`.

    It is no word of its end: the same episode may still be told to fire.
    """
    return msgspec.structs.replace(known, firing=False, told_at=at, ended_at=at)


def judge_problem(
    problem: Problem, episodes: Sequence[Episode], policy: AlertPolicy, now: datetime, *, polled: bool = False
) -> Stand:
    """How the problem stands; `polled` tells that a list of all alerts would tell of each that fires."""
    limit = silence_of(problem, policy)
    silent = tuple(each for each in episodes if each.firing and now - each.seen_at >= limit and not polled)
    firing = [each for each in episodes if each.firing and each not in silent]
    firing.sort(key=lambda each: (policy.severity_of(each.alert.severity).rank, each.since))
    counted = firing or list(episodes)
    flaps = max((_count_starts(each, now) for each in episodes), default=0)
    ends = [each.seen_at + limit if each.firing else each.ended_at or each.told_at for each in episodes]
    return Stand(
        firing=tuple(firing),
        silent=silent,
        severity=min(
            (policy.severity_of(each.alert.severity) for each in counted), key=lambda each: each.rank
        )
        if counted
        else policy.otherwise,
        since=min((each.since for each in counted), default=problem.began_at),
        last_start=max((each.since for each in episodes), default=problem.began_at),
        over_at=None if firing else max(ends, default=problem.last_seen_at),
        hold=_hold(policy, flaps),
        flapping=flaps >= FLAPS,
        suppressed=bool(firing) and all(each.alert.suppressed for each in firing),
    )


def silence_of(problem: Problem, policy: AlertPolicy) -> timedelta:
    """After how long without a word an alert counts as over."""
    return max(policy.stale_after, 2 * problem.longest_gap)


def _count_starts(episode: Episode, now: datetime) -> int:
    return sum(now - start <= FLAPS_WITHIN for start in episode.starts)


def _hold(policy: AlertPolicy, flaps: int) -> timedelta:
    doublings = max(0, min(flaps - FLAPS + 1, 12))
    return min(policy.hold * (1 << doublings), max(LONGEST_HOLD, policy.hold))


def plan(problem: Problem, stand: Stand, policy: AlertPolicy, now: datetime) -> Plan:
    """What shall become of the bug now."""
    if problem.quiet_until is not None and now < problem.quiet_until and stand.over_at is None:
        return Plan(Step.NOTHING, problem.quiet_until)
    match problem.state:
        case "waiting":
            return _plan_new(problem, stand, policy, now)
        case "open":
            return _plan_open(problem, stand, policy, now)
        case _:
            return _plan_ended(problem, stand, policy)


def _plan_new(problem: Problem, stand: Stand, policy: AlertPolicy, now: datetime) -> Plan:
    """What is over before it has a bug needs none, unless it comes and goes."""
    if problem.storm is not None or (stand.over_at is not None and not stand.flapping):
        return Plan(Step.NOTHING)
    ready = problem.began_at + policy.debounce
    return Plan(Step.MAKE) if now >= ready else Plan(Step.NOTHING, ready)


def _plan_open(problem: Problem, stand: Stand, policy: AlertPolicy, now: datetime) -> Plan:
    if stand.over_at is None:
        quiet = min(each.seen_at for each in stand.firing) + silence_of(problem, policy)
        return Plan(Step.SHOW, max(quiet, now + policy.edit_every))
    if problem.keep_open:
        return Plan(Step.SHOW)
    closing = stand.over_at + stand.hold
    if problem.truncated:
        closing = max(closing, problem.last_seen_at + silence_of(problem, policy))
    return Plan(Step.CLOSE) if now >= closing else Plan(Step.NOTHING, closing)


def _plan_ended(problem: Problem, stand: Stand, policy: AlertPolicy) -> Plan:
    """A bug that is closed, or was deleted, while the problem may fire."""
    ended = problem.closed_at or problem.last_seen_at
    if stand.over_at is not None or problem.closed_as == "not planned":
        return Plan(Step.NOTHING)
    if problem.state == "gone":
        return Plan(Step.RENEW if stand.last_start > ended else Step.NOTHING)
    if problem.closed_by == "person" and stand.last_start <= ended:
        told_again = max(each.seen_at for each in stand.firing) >= ended + policy.grace
        if not told_again:
            return Plan(Step.NOTHING)
    return Plan(Step.REOPEN if stand.last_start <= ended + policy.reopen_within else Step.RENEW)


def count_written(written: str) -> int | None:
    """How many alerts the bug says to fire, by what is kept of it; None where that was not kept."""
    count, _, _ = written.partition(":")
    return int(count) if count.isdigit() and ":" in written else None


def closing_of(problem: Problem, stand: Stand) -> Closing:
    """How a bug ends that is closed now: what was left out was never told to be over."""
    return "stale" if stand.silent or problem.truncated else "resolved"
