"""A sprint's report: Markdown for people, rows for spreadsheets, a document for programs."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from trainboard.percentiles import find_percentile
from trainboard.rendering.inert import inert, link
from trainboard.rendering.numbers import NOT_AVAILABLE, count, minute
from trainboard.rendering.tables import table_head, table_row
from trainboard.report.building import Report
from trainboard.report.happenings import Standing
from trainboard.report.scope import Part

_TITLE_CHARACTERS = 100
_MOST_ITEMS = 50
_HOURS = 24
_SECONDS = 3600
COLUMNS = ("item", "title", "state", "points", "part", "url")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_report(report: Report) -> str:
    """All of it, as Markdown that GitHub and Azure DevOps both show."""
    blocks = [
        _headline(report),
        _scope(report),
        _items(report),
        _burndown(report),
        _velocity(report),
        _flow(report),
        _forecast(report),
        f"Made from the history at {minute(report.at)} UTC.",
    ]
    return "\n\n".join(filter(None, blocks))


def list_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """Each item with the part that it has in the sprint; one may have two, as committed and as completed."""
    for name, part in _list_parts(report):
        for each in part.items:
            points = "" if each.points is None else _say(each.points)
            yield tuple(map(_neutral, (each.item, each.title, each.state, points, name, each.url)))


def render_csv(report: Report) -> str:
    """The rows of `list_rows` below their names. No cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *list_rows(report)])
    return text.getvalue()


def report_values(report: Report) -> dict[str, Any]:
    """The document: every figure, with the items behind it by their refs. Points are text, which is exact."""
    scope = report.scope
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
        "scope": {
            **{name: _part_values(part) for name, part in _list_parts(report)},
            "re_estimated": _say(scope.re_estimated),
            "churned": scope.churned,
            "unestimated": scope.unestimated,
        },
        "say_do_percent": _say_or_none(report.say_do),
        "days": [
            {
                "day": each.day,
                "works": each.works,
                "ideal": _say_or_none(each.ideal),
                "remaining": _say_or_none(each.remaining),
                "completed": _say_or_none(each.completed),
                "scope": _say_or_none(each.scope),
                "open_items": each.open_items,
            }
            for each in report.days
        ],
        "velocity": report.velocity,
        "lead_hours": [_hours(each) for each in report.flow.lead],
        "cycle_hours": [_hours(each) for each in report.flow.cycle],
        "forecast": report.forecast,
    }


def _list_parts(report: Report) -> list[tuple[str, Part]]:
    scope = report.scope
    return [
        ("committed", scope.committed),
        ("added", scope.added),
        ("removed", scope.removed),
        ("completed", scope.completed),
        ("carried" if report.is_over else "open", scope.carried),
        ("completed late", scope.completed_late),
    ]


def _part_values(part: Part) -> dict[str, Any]:
    return {"points": _say(part.points), "items": [each.item for each in part.items]}


def _headline(report: Report) -> str:
    scope, sprint = report.scope, report.sprint
    all_items = scope.completed.count + scope.carried.count
    done = f"{scope.completed.count} of {count(all_items, 'item')} done"
    points = f"{_say(scope.completed.points)} of {_say(scope.final)} points"
    if scope.unestimated == all_items:
        points = "no estimates"
    state = "ended" if report.is_over else "under way"
    gap = (
        f"\n\nThe history begins at {minute(report.known_since)} UTC, after the sprint did: what happened "
        "before is not known, but for what still stood then."
        if report.is_gap
        else ""
    )
    return (
        f"## {inert(sprint.name)} of {inert(report.project)}\n\n"
        f"**{done}, {points}** · {sprint.start} to {sprint.end}, {state}{gap}"
    )


def _scope(report: Report) -> str:
    scope = report.scope
    rows = [
        (name.capitalize(), str(part.count), _say(part.points))
        for name, part in _list_parts(report)
        if part.count or name != "completed late"
    ]
    rows.insert(2, ("Re-estimated", "", f"{scope.re_estimated:+f}"))
    said = [f"Of what was committed, {_percent(report.say_do)} was completed."]
    if scope.churned:
        said.append(f"{count(scope.churned, 'item')} came and went.")
    if scope.unestimated:
        said.append(f"{count(scope.unestimated, 'item')} without an estimate count nothing in points.")
    return "\n".join([_table("### Scope", ("", "Items", "Points"), (1, 2), rows), "", " ".join(said)])


def _items(report: Report) -> str:
    blocks = []
    for title, part in (("Done", report.scope.completed), ("Open at the end", report.scope.carried)):
        rows = [f"- {_item(each)}" for each in part.items[:_MOST_ITEMS]]
        if len(part.items) > _MOST_ITEMS:
            rows.append(f"- and {len(part.items) - _MOST_ITEMS:,} more")
        if rows:
            blocks.append(
                "\n".join([f"### {title if report.is_over else title.partition(' ')[0]}", "", *rows])
            )
    return "\n\n".join(blocks)


def _item(each: Standing) -> str:
    points = "no estimate" if each.points is None else count_points(each.points)
    times = f", in {count(len(each.sprints), 'sprint')} so far" if len(each.sprints) > 1 else ""
    return f"{link(each.title or each.item, each.url, _TITLE_CHARACTERS)}: {points}{times}"


def _burndown(report: Report) -> str:
    days = [each for each in report.days if each.remaining is not None]
    if not days:
        return "### Burndown\n\nn/a (no day of the sprint is over of which anything is known)"
    rows = [
        (
            f"{each.day} ({each.day:%a})",
            _say_or_na(each.remaining),
            _say_or_na(each.ideal),
            str(each.open_items),
        )
        for each in days
    ]
    return _table("### Burndown", ("Day", "Points left", "Ideal", "Items left"), (1, 2, 3), rows)


def _velocity(report: Report) -> str:
    known = report.velocity
    if not known.sprints:
        return "### Velocity\n\nn/a (no sprint is over that the history tells of from its beginning)"
    rows = [
        (
            inert(each.name),
            _say(each.committed),
            _say(each.completed),
            str(each.items),
            _say_or_na(each.per_ten_days),
        )
        for each in known.sprints
    ]
    columns = ("Sprint", "Committed", "Completed", "Items", "For ten working days")
    means = (
        f"Mean of three: {_na(known.mean_of_three, 'needs three sprints')}. "
        f"Mean of six: {_na(known.mean_of_six, 'needs six sprints')}. "
        f"Spread: {_na(known.spread, 'needs two sprints')}."
    )
    return "\n".join([_table("### Velocity", columns, (1, 2, 3, 4), rows), "", means])


def _flow(report: Report) -> str:
    rows = []
    for name, times, why in (
        ("Lead", report.flow.lead, "nothing was done"),
        ("Cycle", report.flow.cycle, "nobody told when work was started"),
    ):
        cells = [_days(find_percentile(times, percent)) for percent in (50, 85, 95)]
        rows.append((name, *cells) if times else (name, f"n/a ({why})", "", ""))
    return _table("### Flow, in days", ("", "p50", "p85", "p95"), (1, 2, 3), rows)


def _forecast(report: Report) -> str:
    known = report.forecast
    if report.is_over:
        return ""
    if known.reason:
        return f"### Forecast\n\nn/a ({known.reason})"
    rows = [(f"{each.percent} %", str(each.day), f"{each.days:,}") for each in known.likely]
    by_end = ", ".join(f"{amount} with {percent} %" for percent, amount in known.by_end)
    table = _table("### Forecast", ("Likely", "All done on", "Working days"), (2,), rows)
    return f"{table}\n\nOf {count(known.remaining, 'open item')}, done by the end: {by_end}."


def _table(title: str, columns: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([table_head(title, columns, numbers), *map(table_row, rows)])


def count_points(points: Decimal) -> str:
    """`1 point`, `0.5 points`."""
    return f"{_say(points)} point{'' if points == 1 else 's'}"


def _say(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _say_or_none(value: Decimal | None) -> str | None:
    return None if value is None else _say(value)


def _say_or_na(value: Decimal | None) -> str:
    return NOT_AVAILABLE if value is None else f"{value:.1f}".removesuffix(".0")


def _na(value: Decimal | None, why: str) -> str:
    return f"n/a ({why})" if value is None else _say(value)


def _percent(value: Decimal | None) -> str:
    return "n/a (nothing that has an estimate)" if value is None else f"{_say(value)} %"


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / _SECONDS, 2)


def _days(span: timedelta | None) -> str:
    return NOT_AVAILABLE if span is None else f"{_hours(span) / _HOURS:.1f}"


def _neutral(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
