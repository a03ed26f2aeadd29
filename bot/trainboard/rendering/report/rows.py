"""A report's items as rows for spreadsheets."""

from collections.abc import Iterator

from trainboard.rendering import spreadsheets
from trainboard.rendering.report.words import list_parts, say
from trainboard.rendering.spreadsheets import neutral
from trainboard.report.building import Report

COLUMNS = ("item", "title", "state", "points", "part", "url")


def list_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """Each item with the part that it has in the sprint; one may have two, as committed and as completed."""
    for name, part in list_parts(report):
        for each in part.items:
            points = "" if each.points is None else say(each.points)
            yield tuple(map(neutral, (each.item, each.title, each.state, points, name, each.url)))


def render_csv(report: Report) -> str:
    """The rows of `list_rows` below their names. No cell is a formula."""
    return spreadsheets.render_csv([COLUMNS, *list_rows(report)])
