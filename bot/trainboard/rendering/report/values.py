"""A report as a document for programs."""

from trainboard.rendering.report.document import (
    CarriedItem,
    ChangedFigure,
    ChangedRemaining,
    ChangedSinceClose,
    HeardLate,
    ReportDay,
    ReportDocument,
    ReportItem,
    ReportSprint,
    ScopeDocument,
    ScopePart,
)
from trainboard.rendering.report.words import hours, list_parts, say, say_or_none
from trainboard.report.building import Report
from trainboard.report.burndown import Day
from trainboard.report.changed import Changed
from trainboard.report.scope import Part


def report_values(report: Report) -> ReportDocument:
    """The document: every figure, with the items behind it by their refs, and the numbers of the events."""
    return ReportDocument(
        project=report.project,
        sprint=ReportSprint(
            number=report.sprint.number,
            name=report.sprint.name,
            start=report.sprint.start,
            end=report.sprint.end,
            is_over=report.is_over,
        ),
        at=report.at,
        known_since=report.known_since,
        gaps=report.gaps,
        outages=report.outages,
        goal=report.goal,
        scope=_scope(report),
        say_do_percent=say_or_none(report.say_do),
        days=tuple(map(_day, report.days)),
        velocity=report.velocity,
        lead_hours=tuple(map(hours, report.flow.lead)),
        cycle_hours=tuple(map(hours, report.flow.cycle)),
        forecast=report.forecast,
        items=_list_items(report),
        carry=tuple(CarriedItem(item=each.item.item, times=each.times) for each in report.carry),
        experiments=report.experiments,
        usage=report.usage,
        models=report.models,
        alerts=report.alerts,
        delivery=report.delivery,
        changes=report.changes,
        changed_since_close=_changed(report.changed),
    )


def _scope(report: Report) -> ScopeDocument:
    scope = report.scope
    parts = {name.replace(" ", "_"): _part(part) for name, part in list_parts(report)}
    return ScopeDocument(
        **parts,
        cancelled=_part(scope.cancelled),
        re_estimated=say(scope.re_estimated),
        churned=scope.churned,
        unestimated=scope.unestimated,
    )


def _day(day: Day) -> ReportDay:
    return ReportDay(
        day=day.day,
        works=day.works,
        ideal=say_or_none(day.ideal),
        remaining=say_or_none(day.remaining),
        completed=say_or_none(day.completed),
        scope=say_or_none(day.scope),
        open_items=day.open_items,
        items=day.items,
    )


def _changed(changed: Changed) -> ChangedSinceClose:
    return ChangedSinceClose(
        figures=tuple(
            ChangedFigure(name=each.name, then=say(each.then), now=say(each.now)) for each in changed.figures
        ),
        days=tuple(
            ChangedRemaining(
                day=each.day, remaining_then=say_or_none(each.then), remaining_now=say_or_none(each.now)
            )
            for each in changed.days
        ),
        facts=tuple(
            HeardLate(
                event=each.happening.order,
                item=each.happening.item,
                at=each.happening.at,
                heard_at=each.happening.noted_at,
            )
            for each in changed.facts
        ),
    )


def _list_items(report: Report) -> tuple[ReportItem, ...]:
    """Each item behind a figure of the scope, once, as it stands in the last of its parts."""
    known = {each.item: each for _, part in list_parts(report) for each in part.items}
    return tuple(
        ReportItem(
            item=each.item,
            title=each.title,
            url=each.url,
            state=each.state,
            points=say_or_none(each.points),
            sprints=each.sprints,
            seen_at=each.seen_at,
            started_at=each.started_at,
            done_at=each.done_at,
        )
        for each in known.values()
    )


def _part(part: Part) -> ScopePart:
    return ScopePart(
        points=say(part.points),
        items=tuple(each.item for each in part.items),
        events=tuple(sorted({event for each in part.items for event in each.events})),
    )
