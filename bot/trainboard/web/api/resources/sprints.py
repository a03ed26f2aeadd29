"""Sprints as JSON: the same facts as their pages, and as `trainboard report --format json` prints."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from trainboard.rendering.report.document import ReportDocument
from trainboard.rendering.report.values import report_values
from trainboard.web.api.asking import Name, Project, Word
from trainboard.web.api.operations import operation
from trainboard.web.api.paging import Paged, RowNumber, make_cursor, read_cursor
from trainboard.web.site import Site
from trainboard.web.sprint_pages import Line, find_number, get_report, list_lines

SprintState = Literal["under way", "over", "to come"]


class SprintLine(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint. `committed` and `completed` are points as text, which is exact; null is not known."""

    number: int
    name: str
    start: date
    end: date
    state: SprintState
    committed: str | None
    completed: str | None
    items_completed: int | None


class SprintList(msgspec.Struct, frozen=True, kw_only=True):
    """The sprint under way, then those that are over, the latest first, and at last those to come.

    `next` is the cursor to the next ones, null on the last page.
    """

    project: str
    sprints: tuple[SprintLine, ...]
    next: str | None


class SprintsAsked(Paged, frozen=True, kw_only=True):
    """Of which project."""

    project: Name | None = None


class SprintAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which sprint."""

    project: Project
    sprint: Annotated[Word, Meta(description="Its number, or what people call it.")]


@operation("/api/v1/sprints", scope="board:read", group="Sprints")
def list_sprints(site: Site, asked: SprintsAsked) -> SprintList:
    """The sprints of a project with what was committed and completed."""
    project = site.choose_project(asked.project)
    with site.database.read() as connection:
        lines = list_lines(site, connection, project)
    rest = _after(lines, read_cursor(asked, RowNumber))
    shown = rest[: asked.limit]
    more = len(rest) > len(shown)
    return SprintList(
        project=project.name,
        sprints=tuple(map(_line, shown)),
        next=make_cursor(asked, shown[-1].sprint.number) if more else None,
    )


@operation("/api/v1/sprints/{project}/{sprint}", scope="reports:read", group="Sprints")
def get_sprint(site: Site, asked: SprintAsked) -> ReportDocument:
    """What a sprint came to: every figure with the items behind it.

    The same as `trainboard report --format json` prints. A sprint that did not begin yet has none.
    """
    policy = site.get_project(asked.project)
    with site.database.read() as connection:
        number = find_number(site, connection, policy, asked.sprint)
        report = get_report(site, connection, policy, number)
    return report_values(report)


def _after(lines: Sequence[Line], number: int | None) -> Sequence[Line]:
    """What stands behind the sprint of that number; nothing where it is in the list no more."""
    if number is None:
        return lines
    numbers = [each.sprint.number for each in lines]
    return lines[numbers.index(number) + 1 :] if number in numbers else ()


def _line(line: Line) -> SprintLine:
    return SprintLine(
        number=line.sprint.number,
        name=line.sprint.name,
        start=line.sprint.start,
        end=line.sprint.end,
        state=line.state,
        committed=line.committed,
        completed=line.completed,
        items_completed=line.items,
    )
