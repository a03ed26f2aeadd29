"""Problems that monitors tell of: the same facts as their pages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from werkzeug.exceptions import BadRequest, NotFound

from trainboard.alert_figures import AlertFigures, Lengths
from trainboard.alert_life import Episode
from trainboard.alert_view import Lineage
from trainboard.runs import Time
from trainboard.store import alert_log
from trainboard.store.alert_log import Place, ProblemFilter, ProblemLine, ProblemPage
from trainboard.web.alert_pages import MEASURED_DAYS, Shown, find_shown, measure_alerts, state_of
from trainboard.web.api.asking import Name
from trainboard.web.api.operations import operation
from trainboard.web.api.paging import Paged, make_cursor, read_cursor
from trainboard.web.site import Site

_MAX_PAGE = 10_000


class BugTimes(msgspec.Struct, frozen=True, kw_only=True):
    """How long it took, over so many bugs; null where nobody knows."""

    bugs: int
    median_seconds: float | None
    p90_seconds: float | None


class AlertTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of the last `days` days. `closed_as` counts bugs by how they were closed."""

    days: int
    alerts: int
    problems: int
    bugs: int
    reopened: int
    closed: int
    closed_as: dict[str, int]
    time_to_acknowledge: BugTimes
    time_to_resolve: BugTimes


class AlertLine(msgspec.Struct, frozen=True, kw_only=True):
    """A problem, or a storm of them. Of its `alerts` that are kept, `firing` is how many fire.

    `state` is `open`, `closed`, `deleted`, `no bug yet`, `over, no bug` or `in a storm`. `ref` and `url` are
    of its bug. `closed_as` is `resolved`, `stale`, `done` or `not planned`. Times are null where not known.
    """

    key: str
    project: str
    source: str
    kind: Literal["problem", "storm"]
    rule: str
    labels: dict[str, str]
    severity: Literal["critical", "error", "warning", "info"] | None
    state: str
    firing: int
    alerts: int
    ref: str | None
    url: str | None
    began_at: Time
    acknowledged_at: Time | None
    closed_at: Time | None
    closed_as: str | None


class AlertList(msgspec.Struct, frozen=True, kw_only=True):
    """Open problems first, the worst and latest on top, then the others by when they ended.

    `next` is the cursor to the next ones. `next_page` is the number of the next page for who counts pages,
    which new problems move; null with a cursor. Both are null at the end.
    """

    project: str | None
    figures: AlertTotals
    problems: tuple[AlertLine, ...]
    next_page: int | None
    next: str | None


class AlertEpisode(msgspec.Struct, frozen=True, kw_only=True):
    """One alert: since when it fires, or when it ended. `severity`, texts and labels are its sender's."""

    labels: dict[str, str]
    firing: bool
    since: Time
    ended_at: Time | None
    severity: str
    suppressed: bool
    summary: str
    value: str
    threshold: str


class AlertMoment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that became of the problem, while it had its `generation`th bug or before that was made."""

    kind: str
    at: Time
    generation: int


class AlertLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where its sender says to look."""

    title: str
    url: str


class AlertModel(msgspec.Struct, frozen=True, kw_only=True):
    """The model that it is about, the run that made it, and that run's experiment with its work item."""

    name: str
    version: str | None
    aliases: tuple[str, ...]
    run: str | None
    experiment: str | None
    ref: str | None


class AlertDetails(AlertLine, frozen=True, kw_only=True):
    """A problem with its life.

    `sprint` is the number of the one in which it began. `episodes` are its alerts, those that fire first,
    of a storm those of its members, a hundred at most; `moments` the latest first, two hundred at most, of
    which `earlier_moments` are left out. `varying` are the labels in which alerts differ, with their values.
    `over_at` is when the last alert ended, null while one fires. `members` are the keys of the problems that
    a storm shows, `storm` is the key of the one that shows it.
    """

    sprint: int
    flapping: bool
    suppressed: bool
    over_at: Time | None
    varying: dict[str, tuple[str, ...]]
    episodes: tuple[AlertEpisode, ...]
    moments: tuple[AlertMoment, ...]
    earlier_moments: int
    links: tuple[AlertLink, ...]
    model: AlertModel | None
    members: tuple[str, ...]
    storm: str | None


class AlertsAsked(Paged, frozen=True, kw_only=True):
    """Which problems."""

    project: Annotated[Name, Meta(description="The name of a project; without it all.")] | None = None
    state: (
        Annotated[
            Literal["open", "closed", "without"],
            Meta(
                description="How the bug stands; `without` are those that have none, because they were over "
                "before it was made, or are shown by a storm. Without it open and closed ones."
            ),
        ]
        | None
    ) = None
    page: (
        Annotated[
            int, Meta(ge=1, le=_MAX_PAGE, description="The number of a page, not together with `cursor`.")
        ]
        | None
    ) = None


class AlertAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which problem."""

    key: Annotated[str, Meta(pattern="^(alert|storm):[0-9a-z]{1,64}$", description="The key of the problem.")]


@operation("/api/v1/alerts", scope="alerts:read", group="Alerts")
def list_alerts(site: Site, asked: AlertsAsked) -> AlertList:
    """Problems that monitors tell of, and how fast they are dealt with."""
    if asked.cursor is not None and asked.page is not None:
        raise BadRequest("The parameters cursor and page say the same: leave one of them out.")
    if asked.project is not None:
        site.get_project(asked.project)
    wanted = ProblemFilter(
        project=asked.project,
        state=asked.state or "",
        page=asked.page or 1,
        after=read_cursor(asked, Place),
        limit=asked.limit,
    )
    with site.database.read() as connection:
        page = alert_log.list_page(connection, wanted)
        figures = measure_alerts(site, connection, asked.project)
    return AlertList(
        project=asked.project,
        figures=_figures(figures),
        problems=tuple(AlertLine(**each) for each in map(_members, page.lines)),
        next_page=_find_next_page(wanted, page),
        next=make_cursor(msgspec.structs.replace(asked, page=None), page.last) if page.has_more else None,
    )


@operation("/api/v1/alerts/{key}", scope="alerts:read", group="Alerts")
def get_alert(site: Site, asked: AlertAsked) -> AlertDetails:
    """One problem, or one storm: what fires, its bug, the model, and its life."""
    with site.database.read() as connection:
        shown = find_shown(site, connection, asked.key)
    if shown is None:
        raise NotFound("No alert of that key is known, or it is kept no longer.")
    details = shown.details
    return AlertDetails(
        **_members(details.line),
        sprint=shown.sprint,
        flapping=shown.stand.flapping,
        suppressed=shown.stand.suppressed,
        over_at=shown.stand.over_at,
        varying={name: tuple(values) for name, values in shown.varying.items()},
        episodes=tuple(map(_episode, shown.episodes)),
        moments=tuple(
            AlertMoment(kind=each.kind, at=each.happened_at, generation=each.generation)
            for each in details.moments
        ),
        earlier_moments=details.more_moments,
        links=tuple(_list_links(shown)),
        model=None if shown.lineage is None else _model(shown.lineage),
        members=tuple(each.problem.key for each in details.members),
        storm=details.line.problem.storm,
    )


def _find_next_page(wanted: ProblemFilter, page: ProblemPage) -> int | None:
    last = wanted.page >= _MAX_PAGE or wanted.after is not None or not page.has_more
    return None if last else wanted.page + 1


def _figures(figures: AlertFigures) -> AlertTotals:
    return AlertTotals(
        days=MEASURED_DAYS,
        alerts=figures.alerts,
        problems=figures.problems,
        bugs=figures.bugs,
        reopened=figures.reopened,
        closed=figures.closed,
        closed_as=dict(figures.closed_as),
        time_to_acknowledge=_lengths(figures.acknowledge),
        time_to_resolve=_lengths(figures.resolve),
    )


def _lengths(lengths: Lengths) -> BugTimes:
    return BugTimes(
        bugs=lengths.count, median_seconds=_seconds(lengths.median), p90_seconds=_seconds(lengths.p90)
    )


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _members(line: ProblemLine) -> dict[str, Any]:
    problem = line.problem
    return {
        "key": problem.key,
        "project": problem.project,
        "source": problem.door,
        "kind": problem.kind,
        "rule": problem.rule,
        "labels": problem.labels,
        "severity": problem.severity,
        "state": state_of(line),
        "firing": line.firing,
        "alerts": line.alerts,
        "ref": problem.ref or None,
        "url": problem.url or None,
        "began_at": problem.began_at,
        "acknowledged_at": problem.acknowledged_at,
        "closed_at": problem.closed_at,
        "closed_as": problem.closed_as,
    }


def _episode(episode: Episode) -> AlertEpisode:
    alert = episode.alert
    return AlertEpisode(
        labels=alert.labels,
        firing=episode.firing,
        since=episode.since,
        ended_at=episode.ended_at,
        severity=alert.severity,
        suppressed=alert.suppressed,
        summary=alert.summary,
        value=alert.value,
        threshold=alert.threshold,
    )


def _list_links(shown: Shown) -> Iterator[AlertLink]:
    for title, url in shown.links:
        yield AlertLink(title=title, url=url)


def _model(lineage: Lineage) -> AlertModel:
    run, item = lineage.run, lineage.item
    return AlertModel(
        name=lineage.model.name,
        version=lineage.model.version,
        aliases=lineage.model.aliases,
        run=run.run.id if run else None,
        experiment=run.experiment.name if run else None,
        ref=item.ref if item else None,
    )
