"""Drawings of a sprint, by pygal, cut down to shapes that our own stylesheet paints.

What pygal brings for a page of its own is left out: its script, its style, its fonts and its comments. In
place of its tooltips each point has a `<title>`, which browsers show.

Source: pygal's documentation, "Custom styles" and "Output"; W3C, "SVG Accessibility API Mappings".
"""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import pygal
from markupsafe import Markup
from pygal.etree import etree

from trainboard.rendering.inert import plain
from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import say_or_na
from trainboard.report.building import Report
from trainboard.report.burndown import Day

# It finds maps that we do not draw, in a form that Python 3.11 warns of at each import that finds nothing.
sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, pygal.PluginImportFixer)]

WIDTH, HEIGHT = 640, 270
_MOST_LABELS = 14
_MOST_LABEL_CHARACTERS = 14
_MOST_NAME_CHARACTERS = 60
_HIDDEN = frozenset({"background", "titles", "plot text-overlay", "plot tooltip-overlay"})


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing with all that it shows in words.

    `keys` are its series, each with the name that the stylesheet knows; `rows` stand below `columns`, and the
    first cell of each is its head.
    """

    slug: str
    title: str
    summary: str
    svg: Markup
    keys: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Series(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    values: Sequence[Decimal | int | None]
    is_dotted: bool = True


def draw_charts(report: Report) -> list[Chart]:
    """What can be drawn of the sprint, in the order of reading."""
    drawn = (_draw_burndown(report), _draw_burn_up(report), _draw_flow(report), _draw_velocity(report))
    return [each for each in drawn if each is not None]


def _draw_burndown(report: Report) -> Chart | None:
    over = [each for each in report.days if each.remaining is not None]
    if not over:
        return None
    has_points = any(each.scope or each.ideal for each in report.days)
    left: list[Decimal | int | None] = [
        each.remaining if has_points else each.open_items for each in report.days
    ]
    unit = "points" if has_points else "items"
    series = [_Series(name=f"{unit.capitalize()} left", values=left)]
    if has_points and any(each.ideal is not None for each in report.days):
        series.append(_Series(name="Ideal", values=[each.ideal for each in report.days], is_dotted=False))
    last = next(each for each in reversed(left) if each is not None)
    return _make(
        "burndown",
        "Burndown",
        f"{_say(last)} {unit} were left at the end of {over[-1].day}.",
        pygal.Line,
        report.days,
        series,
    )


def _draw_burn_up(report: Report) -> Chart | None:
    over = [each for each in report.days if each.scope is not None]
    if not any(each.scope for each in over):
        return None
    last = over[-1]
    return _make(
        "burn-up",
        "Burn-up",
        f"{_say(last.completed)} of {_say(last.scope)} points were done at the end of {last.day}.",
        pygal.Line,
        report.days,
        [
            _Series(name="Points done", values=[each.completed for each in report.days]),
            _Series(name="All points", values=[each.scope for each in report.days]),
        ],
    )


def _draw_flow(report: Report) -> Chart | None:
    days = [each for each in report.days if each.works and each.items is not None]
    counts = [each.items for each in days if each.items is not None]
    if not any(each.to_do or each.doing or each.done for each in counts):
        return None
    last = counts[-1]
    return _make(
        "flow",
        "Cumulative flow",
        f"{count(last.done, 'item')} done, {last.doing} under way and {last.to_do} to do at the end of "
        f"{days[-1].day}.",
        pygal.StackedLine,
        days,
        [
            _Series(name="Done", values=[each.done for each in counts]),
            _Series(name="Under way", values=[each.doing for each in counts]),
            _Series(name="To do", values=[each.to_do for each in counts]),
        ],
    )


def _draw_velocity(report: Report) -> Chart | None:
    sprints = report.velocity.sprints
    if not any(each.committed or each.completed for each in sprints):
        return None
    mean = report.velocity.mean_of_three
    told = "a mean needs three" if mean is None else f"the mean of the last three is {_say(mean)} points"
    return _plot(
        "velocity",
        "Velocity",
        f"The last {count(len(sprints), 'sprint')}; {told}.",
        pygal.Bar,
        ("Sprint", [plain(each.name, _MOST_NAME_CHARACTERS) for each in sprints]),
        [
            _Series(name="Committed", values=[each.committed for each in sprints]),
            _Series(name="Completed", values=[each.completed for each in sprints]),
        ],
    )


def _make(
    slug: str, title: str, summary: str, kind: Any, days: Sequence[Day], series: Sequence[_Series]
) -> Chart:
    """A chart over days."""
    return _plot(slug, title, summary, kind, ("Day", [f"{each.day:%a} {each.day}" for each in days]), series)


def _plot(
    slug: str,
    title: str,
    summary: str,
    kind: Any,
    axis: tuple[str, Sequence[str]],
    series: Sequence[_Series],
) -> Chart:
    name, labels = axis
    made = kind(**_options(slug, len(labels)), fill=kind is pygal.StackedLine)
    made.x_labels = [_shorten(each) for each in labels]
    for each in series:
        told = zip(labels, each.values, strict=True)
        points = [_point(each.name, label, value) for label, value in told]
        made.add(each.name, points, show_dots=each.is_dotted)
    rows = zip(labels, *([_say(value) for value in each.values] for each in series), strict=True)
    return Chart(
        slug=slug,
        title=title,
        summary=summary,
        svg=_clean(made.render_tree(), slug, title, summary),
        keys=tuple((f"key-{slug}-{number}", each.name) for number, each in enumerate(series)),
        columns=(name, *(each.name for each in series)),
        rows=tuple(rows),
    )


def _options(slug: str, labels: int) -> Mapping[str, Any]:
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "classes": ("plot", slug),
        "js": [],
        "css": [],
        "no_prefix": True,
        "show_legend": False,
        "include_x_axis": True,
        "dots_size": 3.5,
        "margin": 10,
        "min_scale": 3,
        "max_scale": 6,
        "formatter": lambda value: f"{value:g}",
        "x_labels_major_every": -(-labels // _MOST_LABELS) or 1,
        "show_minor_x_labels": False,
    }


def _point(series: str, label: str, value: Decimal | int | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"value": float(value), "label": f"{label}: {_say(value)}, {series.lower()}"}


def _say(value: Decimal | int | None) -> str:
    return say_or_na(None if value is None else Decimal(value))


def _shorten(label: str) -> str:
    """`Mon 2026-11-09` is `Mon 9` below a chart."""
    weekday, _, day = label.partition(" ")
    if len(day.split("-")) == len("ymd") and day[-2:].isdecimal():
        return f"{weekday} {int(day[-2:])}"
    return label if len(label) <= _MOST_LABEL_CHARACTERS else f"{label[: _MOST_LABEL_CHARACTERS - 1]}…"


def _clean(root: Any, slug: str, title: str, summary: str) -> Markup:
    """The shapes alone, named for those who do not see them."""
    for child in [each for each in root if not isinstance(each.tag, str) or each.tag != "g"]:
        root.remove(child)
    _strip(root)
    root.set("id", f"chart-{slug}")
    root.set("role", "img")
    root.set("aria-labelledby", f"chart-{slug}-title chart-{slug}-desc")
    for number, (tag, text) in enumerate((("title", title), ("desc", summary))):
        named = etree.Element(tag, id=f"chart-{slug}-{tag}")
        named.text = text
        root.insert(number, named)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704  the writer of XML escapes all texts


def _strip(element: Any) -> None:
    for child in list(element):
        if child.get("class") in _HIDDEN or child.tag == "title":
            element.remove(child)
            continue
        if child.tag == "desc":
            element.remove(child)
            if child.get("class") == "label":
                hover = etree.SubElement(element, "title")
                hover.text = child.text
            continue
        _strip(child)
