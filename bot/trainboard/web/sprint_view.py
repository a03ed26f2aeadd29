"""What a sprint's page shows, and a file of the same that needs no server."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from markupsafe import Markup

from trainboard.rendering.goals import say_goal
from trainboard.rendering.numbers import NOT_AVAILABLE, count
from trainboard.rendering.report import headline, items
from trainboard.rendering.report.formulas import FORMULAS, anchor_of
from trainboard.rendering.report.markdown import SECTIONS
from trainboard.rendering.report.words import count_points, list_parts, say
from trainboard.report.building import Report
from trainboard.report.happenings import Standing
from trainboard.report.scope import Part
from trainboard.report.velocity import divide
from trainboard.web.app import create_app, read_style
from trainboard.web.formats import web_url
from trainboard.web.markdown import render_markdown
from trainboard.web.sprint_charts import draw_charts

MOST_ROWS = 500
OPEN_ROWS = 25
"""A list of so many items is shown unasked."""

_OWN = (headline, items)
"""Sections that the page shows in its own way."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number at the top of the page; `anchor` leads to its formula."""

    name: str
    value: str
    more: str
    anchor: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A section as it stands in the text of the report, as HTML."""

    title: str
    body: Markup


def list_figures(report: Report) -> list[Figure]:
    """What the sprint came to, in six numbers. What is not known is n/a, with the reason."""
    scope = report.scope
    change = divide(scope.final - scope.committed.points, scope.committed.points)
    mean = report.velocity.mean_of_three
    carried = "Carried over" if report.is_over else "Still open"
    moved = f"{scope.added.count} in, {scope.removed.count} out"
    known = (say(mean), "points, mean of three") if mean is not None else None
    return [
        _figure("completed", *_say_done(report)),
        _figure("committed", say(scope.committed.points), count(scope.committed.count, "item")),
        _figure("scope change", *_say_percent(change, moved)),
        _figure("say/do", *_say_percent(report.say_do, "of what was committed")),
        _figure("carried, or open", say(scope.carried.points), count(scope.carried.count, "item"), carried),
        _figure("velocity", *(known or (NOT_AVAILABLE, "needs three sprints that are over"))),
    ]


def view_of(report: Report, item_url: Callable[[Standing], str | None]) -> Mapping[str, Any]:
    """What the templates need to show the report.

    Args:
        report: what is shown.
        item_url: where an item stands, None where it cannot be linked to.
    """
    charts = draw_charts(report)
    drawn = {each.title for each in charts}
    told = list(_list_told(report))
    goal = say_goal(report.goal, is_over=report.is_over) if report.goal else ""
    return {
        "report": report,
        "headline": headline.say_headline(report),
        "goal": render_markdown(goal) if goal else "",
        "warnings": [render_markdown(each) for each in headline.list_warnings(report)],
        "figures": list_figures(report),
        "charts": charts,
        "told": [each for each in told if each.title not in drawn],
        "folded": {each.title: each.body for each in told if each.title in drawn},
        "parts": [(name, part) for name, part in _name_parts(report) if part.count],
        "formulas": {name: (anchor_of(name), text) for name, text in FORMULAS.items()},
        "item_url": item_url,
        "count_points": count_points,
        "most_rows": MOST_ROWS,
        "open_rows": OPEN_ROWS,
    }


def link_item(standing: Standing) -> str | None:
    """Where a tracker that others can reach shows the item."""
    return web_url(standing.url)


def render_file(report: Report) -> str:
    """The page as one file: it holds its style, and loads nothing from anywhere."""
    template = create_app().jinja_env.get_template("sprint_file.html")
    return template.render(view_of(report, link_item), style=Markup(read_style()))  # noqa: S704  our own file


def _say_done(report: Report) -> tuple[str, str]:
    scope = report.scope
    all_items = scope.completed.count + scope.carried.count
    done = f"{scope.completed.count} of {count(all_items, 'item')}"
    if scope.unestimated == all_items:
        return (
            f"{scope.completed.count} of {all_items}",
            "items; none has an estimate" if all_items else "items",
        )
    return f"{say(scope.completed.points)} of {say(scope.final)}", f"points, {done}"


def _say_percent(value: Decimal | None, more: str) -> tuple[str, str]:
    if value is None:
        return NOT_AVAILABLE, "nothing that has an estimate was committed"
    return f"{say(value)} %", more


def _figure(key: str, value: str, more: str, name: str = "") -> Figure:
    return Figure(name=name or key.capitalize(), value=value, more=more, anchor=anchor_of(key))


def _name_parts(report: Report) -> list[tuple[str, Part]]:
    """Most wanted first: what is open, then what is done."""
    parts = dict(list_parts(report))
    first = [name for name in ("open", "carried", "completed") if name in parts]
    return [(name, parts[name]) for name in [*first, *(name for name in parts if name not in first)]]


def _list_told(report: Report) -> Iterator[Told]:
    for section in SECTIONS:
        if section not in _OWN and (text := section.render(report)):
            title, _, body = text.partition("\n\n")
            yield Told(title=title.strip("# "), body=render_markdown(body))
