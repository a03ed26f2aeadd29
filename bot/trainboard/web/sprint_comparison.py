"""Two sprints of a project side by side."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

import flask
import msgspec
from sqlalchemy import Connection

from trainboard.iterations import Iteration, working_days
from trainboard.percentiles import find_percentile
from trainboard.policy import Project
from trainboard.rendering.numbers import NOT_AVAILABLE
from trainboard.rendering.report.formulas import anchor_of
from trainboard.rendering.report.words import hours, say, say_change
from trainboard.report.building import Report
from trainboard.report.scope import Scope
from trainboard.report.velocity import PER_DAYS, divide, round_half_up
from trainboard.web.site import Site
from trainboard.web.sprint_pages import MOST_SPRINTS, find_number, find_project, find_report

_HOURS = 24


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of both; `anchor` leads to its formula."""

    name: str
    unit: str
    a: str
    b: str
    change: str
    anchor: str


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two; `reason` says why there is no report."""

    sprint: Iteration
    report: Report | None
    reason: str = ""


class _Figure(msgspec.Struct, frozen=True):
    name: str
    unit: str
    value: Decimal | None
    formula: str = ""


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of this page to `blueprint`."""

    def compare() -> str:
        return _render(site)

    blueprint.add_url_rule("/sprints/compare", "compare", compare)


def compare_reports(a: Side, b: Side, project: Project) -> list[Row]:
    """Every figure of both; n/a where one is not known."""
    pairs = zip(_list_figures(a, project), _list_figures(b, project), strict=True)
    return [_make_row(left, right) for left, right in pairs]


def _make_row(left: _Figure, right: _Figure) -> Row:
    return Row(
        name=left.name,
        unit=left.unit,
        a=_say(left.value),
        b=_say(right.value),
        change=_subtract(left.value, right.value),
        anchor=anchor_of(left.formula) if left.formula else "",
    )


def _list_figures(side: Side, project: Project) -> Iterator[_Figure]:
    days = len(working_days(project.sprint, side.sprint))
    yield _Figure("Working days", "", Decimal(days))
    yield from _list_scope(side.report.scope if side.report else None, days)
    yield from _list_times(side.report)


def _list_scope(scope: Scope | None, days: int) -> Iterator[_Figure]:
    for name, part in (
        ("committed", scope and scope.committed),
        ("added", scope and scope.added),
        ("removed", scope and scope.removed),
        ("completed", scope and scope.completed),
        ("carried, or open", scope and scope.carried),
        ("completed late", scope and scope.completed_late),
    ):
        yield _Figure(name.capitalize(), "points", part.points if part else None, name)
        yield _Figure(name.capitalize(), "items", Decimal(part.count) if part else None, name)
    yield _Figure("Re-estimated", "points", scope.re_estimated if scope else None, "re-estimated")
    yield _Figure("Came and went", "items", Decimal(scope.churned) if scope else None, "came and went")
    yield _Figure("Without an estimate", "items", Decimal(scope.unestimated) if scope else None)
    change = divide(scope.final - scope.committed.points, scope.committed.points) if scope else None
    yield _Figure("Scope change", "%", change, "scope change")
    rate = round_half_up(scope.completed.points * PER_DAYS / days) if scope and days else None
    yield _Figure("Completed for ten working days", "points", rate)


def _list_times(report: Report | None) -> Iterator[_Figure]:
    yield _Figure("Say/do", "%", report.say_do if report else None, "say/do")
    mean = report.velocity.mean_of_three if report else None
    yield _Figure("Velocity before it", "points", mean, "velocity")
    for name, times in (
        ("lead time", report.flow.lead if report else ()),
        ("cycle time", report.flow.cycle if report else ()),
    ):
        for percent in (50, 85):
            value = _say_days(find_percentile(times, percent))
            yield _Figure(f"{name.capitalize()}, p{percent}", "days", value, name)


def _say_days(span: timedelta | None) -> Decimal | None:
    return None if span is None else round_half_up(Decimal(str(hours(span))) / _HOURS)


def _say(value: Decimal | None) -> str:
    return NOT_AVAILABLE if value is None else say(value)


def _subtract(a: Decimal | None, b: Decimal | None) -> str:
    return NOT_AVAILABLE if a is None or b is None else say_change(b - a)


def _render(site: Site) -> str:
    project = find_project(site)
    current = site.current(project).number
    asked = flask.request.args
    with site.database.read() as connection:
        numbers = [
            find_number(site, connection, project, asked.get(name) or str(max(1, usual)))
            for name, usual in (("a", current - 1), ("b", current))
        ]
        a, b = (_make_side(site, connection, project, number) for number in numbers)
        choices = _list_choices(site, connection, project, current)
        troubles = site.find_troubles(connection)
    return flask.render_template(
        "comparison.html",
        site=site,
        project=project,
        a=a,
        b=b,
        rows=compare_reports(a, b, project),
        choices=choices,
        troubles=troubles,
        now=site.clock(),
    )


def _make_side(site: Site, connection: Connection, project: Project, number: int) -> Side:
    sprint = site.get_sprint(connection, project, number)
    report = find_report(site, connection, project, number)
    if report is None and number > site.current(project).number:
        return Side(sprint=sprint, report=None, reason=f"It begins on {sprint.start}.")
    if report is None:
        return Side(sprint=sprint, report=None, reason="Nothing is known yet of what stands in it.")
    if report.is_gap:
        reason = f"The history begins on {report.known_since.date()}, after the sprint did."
        return Side(sprint=sprint, report=report, reason=reason)
    return Side(sprint=sprint, report=report)


def _list_choices(site: Site, connection: Connection, project: Project, current: int) -> Sequence[Iteration]:
    first = max(1, current - MOST_SPRINTS + 1)
    return [site.get_sprint(connection, project, number) for number in range(max(current, 1), first - 1, -1)]
