"""A report as a document for programs."""

from typing import Any

from trainboard.rendering.report.words import hours, list_parts, say, say_or_none
from trainboard.report.building import Report
from trainboard.report.burndown import Day
from trainboard.report.changed import Changed
from trainboard.report.scope import Part


def report_values(report: Report) -> dict[str, Any]:
    """The document: every figure, with the items behind it by their refs, and the numbers of the events.

    Points are text, which is exact.
    """
    return {
        "project": report.project,
        "sprint": {
            "number": report.sprint.number,
            "name": report.sprint.name,
            "start": report.sprint.start,
            "end": report.sprint.end,
            "is_over": report.is_over,
        },
        "at": report.at,
        "known_since": report.known_since,
        "gaps": report.gaps,
        "outages": report.outages,
        "goal": report.goal,
        **_planned_values(report),
        "experiments": report.experiments,
        "usage": report.usage,
        "models": report.models,
        "alerts": report.alerts,
        "delivery": report.delivery,
        "changes": report.changes,
        "changed_since_close": _changed_values(report.changed),
    }


def _planned_values(report: Report) -> dict[str, Any]:
    """Of the sprint's items."""
    scope = report.scope
    return {
        "scope": {
            **{name: _part_values(part) for name, part in list_parts(report)},
            "cancelled": _part_values(scope.cancelled),
            "re_estimated": say(scope.re_estimated),
            "churned": scope.churned,
            "unestimated": scope.unestimated,
        },
        "say_do_percent": say_or_none(report.say_do),
        "days": list(map(_day_values, report.days)),
        "velocity": report.velocity,
        "lead_hours": [hours(each) for each in report.flow.lead],
        "cycle_hours": [hours(each) for each in report.flow.cycle],
        "forecast": report.forecast,
        "items": _list_items(report),
        "carry": [{"item": each.item.item, "times": each.times} for each in report.carry],
    }


def _day_values(day: Day) -> dict[str, Any]:
    return {
        "day": day.day,
        "works": day.works,
        "ideal": say_or_none(day.ideal),
        "remaining": say_or_none(day.remaining),
        "completed": say_or_none(day.completed),
        "scope": say_or_none(day.scope),
        "open_items": day.open_items,
        "items": day.items,
    }


def _changed_values(changed: Changed) -> dict[str, Any]:
    return {
        "figures": [
            {"name": each.name, "then": say(each.then), "now": say(each.now)} for each in changed.figures
        ],
        "days": [
            {
                "day": each.day,
                "remaining_then": say_or_none(each.then),
                "remaining_now": say_or_none(each.now),
            }
            for each in changed.days
        ],
        "facts": [
            {
                "event": each.happening.order,
                "item": each.happening.item,
                "at": each.happening.at,
                "heard_at": each.happening.noted_at,
            }
            for each in changed.facts
        ],
    }


def _list_items(report: Report) -> list[dict[str, Any]]:
    """Each item behind a figure of the scope, once, as it stands in the last of its parts."""
    known = {each.item: each for _, part in list_parts(report) for each in part.items}
    return [
        {
            "item": each.item,
            "title": each.title,
            "url": each.url,
            "state": each.state,
            "points": say_or_none(each.points),
            "sprints": each.sprints,
            "seen_at": each.seen_at,
            "started_at": each.started_at,
            "done_at": each.done_at,
        }
        for each in known.values()
    ]


def _part_values(part: Part) -> dict[str, Any]:
    return {
        "points": say(part.points),
        "items": [each.item for each in part.items],
        "events": sorted({event for each in part.items for event in each.events}),
    }
