"""The report of a sprint as programs get it. Points are text, which is exact; null is what is not known."""

from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.goals import Goal
from trainboard.outages import Outage
from trainboard.report.alerts import AlertWork
from trainboard.report.changes import Changes
from trainboard.report.cumulative import Counts
from trainboard.report.delivery import Delivery
from trainboard.report.experiments import Leaderboard
from trainboard.report.forecast import Forecast
from trainboard.report.gaps import Gap
from trainboard.report.happenings import State
from trainboard.report.models import Models
from trainboard.report.usage import Usage
from trainboard.report.velocity import Velocity
from trainboard.runs import Time


class ReportSprint(msgspec.Struct, frozen=True, kw_only=True):
    """The sprint; `start` and `end` are its first and its last day."""

    number: int
    name: str
    start: date
    end: date
    is_over: bool


class ScopePart(msgspec.Struct, frozen=True, kw_only=True):
    """Items by their refs, their points, and the numbers of the events that speak for them."""

    points: str
    items: tuple[str, ...]
    events: tuple[int, ...]


class ScopeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What was planned and what came of it. `carried` is there once the sprint is over, `open` before."""

    committed: ScopePart
    added: ScopePart
    removed: ScopePart
    completed: ScopePart
    carried: ScopePart | UnsetType = UNSET
    open: ScopePart | UnsetType = UNSET
    completed_late: ScopePart = msgspec.field(name="completed late")
    cancelled: ScopePart
    re_estimated: str
    churned: int
    unestimated: int


class ReportDay(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a day: points that are left, ideally and in fact, that are done, and of all the scope."""

    day: date
    works: bool
    ideal: str | None
    remaining: str | None
    completed: str | None
    scope: str | None
    open_items: int | None
    items: Counts | None


class ReportItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item behind a figure of the scope, as it stands. `sprints` are the numbers of those it was in."""

    item: str
    title: str
    url: str
    state: State
    points: str | None
    sprints: tuple[int, ...]
    seen_at: Time
    started_at: Time | None
    done_at: Time | None


class CarriedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was carried over so many times."""

    item: str
    times: int


class ChangedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure when the sprint ended, and now."""

    name: str
    then: str
    now: str


class ChangedRemaining(msgspec.Struct, frozen=True, kw_only=True):
    """The points that were left on a day, as known when the sprint ended, and now."""

    day: date
    remaining_then: str | None
    remaining_now: str | None


class HeardLate(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in the sprint, and was heard of after it: the event's number and the item."""

    event: int
    item: str
    at: Time
    heard_at: Time | None


class ChangedSinceClose(msgspec.Struct, frozen=True, kw_only=True):
    """What became known after the sprint was over, and what it changed."""

    figures: tuple[ChangedFigure, ...]
    days: tuple[ChangedRemaining, ...]
    facts: tuple[HeardLate, ...]


class ReportDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What a sprint came to, as seen at `at`; `known_since` is when the history began.

    Each figure of the scope names the items behind it, and `items` has each of them once. Spans of time
    are hours where the name says so. `say_do_percent` is how much of what was committed was completed.
    """

    project: str
    sprint: ReportSprint
    at: Time
    known_since: Time
    gaps: tuple[Gap, ...]
    outages: tuple[Outage, ...]
    goal: Goal | None
    scope: ScopeDocument
    say_do_percent: str | None
    days: tuple[ReportDay, ...]
    velocity: Velocity
    lead_hours: tuple[float, ...]
    cycle_hours: tuple[float, ...]
    forecast: Forecast
    items: tuple[ReportItem, ...]
    carry: tuple[CarriedItem, ...]
    experiments: Leaderboard | None
    usage: Usage | None
    models: Models | None
    alerts: AlertWork | None
    delivery: Delivery | None
    changes: Changes | None
    changed_since_close: ChangedSinceClose
