"""A report's items as rows for spreadsheets."""

import csv
import io
from collections.abc import Iterator

from trainboard.rendering.report.words import list_parts, say
from trainboard.report.building import Report

COLUMNS = ("item", "title", "state", "points", "part", "url")
_FORMULA = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNSEEN = "".join(map(chr, range(32))) + "\x7f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What a spreadsheet may drop before it looks whether a cell is a formula."""


def list_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """Each item with the part that it has in the sprint; one may have two, as committed and as completed."""
    for name, part in list_parts(report):
        for each in part.items:
            points = "" if each.points is None else say(each.points)
            yield tuple(map(_neutral, (each.item, each.title, each.state, points, name, each.url)))


def render_csv(report: Report) -> str:
    """The rows of `list_rows` below their names. No cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *list_rows(report)])
    return text.getvalue()


def _neutral(cell: str) -> str:
    """The cell on one line, as text: spreadsheets take signs of full width for formulas too."""
    line = " ".join(cell.split())
    return f"'{line}" if line.lstrip(_UNSEEN).startswith(_FORMULA) else line
