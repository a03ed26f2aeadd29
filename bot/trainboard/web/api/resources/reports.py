"""Reports: where they went, and the text of each in the format that is asked for."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from trainboard.rendering.report.dialects import DIALECTS
from trainboard.rendering.report.document import ReportDocument
from trainboard.rendering.report.markdown import render_report
from trainboard.rendering.report.rows import render_csv
from trainboard.rendering.report.values import report_values
from trainboard.report.building import Report
from trainboard.runs import Time
from trainboard.store import report_claims
from trainboard.store.report_claims import KnownReport, ReportFilter
from trainboard.web.api.asking import Name, Word
from trainboard.web.api.operations import JSON, Text, operation
from trainboard.web.api.paging import Paged, make_cursor, read_cursor
from trainboard.web.api.resources.sprints import SprintAsked
from trainboard.web.site import Site
from trainboard.web.sprint_pages import find_number, get_report

Format = Literal["json", "markdown", "html", "csv"]
ReportState = Literal["asked", "delivered", "skipped", "refused", "unsure"]
MEDIA_TYPES: dict[Format, str] = {
    "json": JSON,
    "markdown": "text/markdown",
    "html": "text/html",
    "csv": "text/csv",
}


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """A report for one target, and what came of it.

    `number` is that of the sprint, `due_at` when the schedule says, `at` when it was asked for or passed
    over, `ended_at` when it was known what came of it.
    """

    key: str
    project: str
    number: int
    target: str
    state: ReportState
    reason: str
    due_at: Time
    at: Time
    ended_at: Time | None


class ReportList(msgspec.Struct, frozen=True, kw_only=True):
    """Reports, those asked for last first; `next` is the cursor to the earlier ones, null at the end."""

    reports: tuple[ReportLine, ...]
    next: str | None


class ReportsAsked(Paged, frozen=True, kw_only=True):
    """Which reports."""

    project: Annotated[Name, Meta(description="The name of a project; without it all.")] | None = None
    state: Annotated[ReportState, Meta(description="What came of it; without it any.")] | None = None


class ReportAsked(SprintAsked, frozen=True, kw_only=True):
    """Of which sprint, and how it is written."""

    format: Annotated[Format, Meta(description="How it is written.")] = "json"


@operation("/api/v1/reports", scope="reports:read", group="Reports")
def list_reports(site: Site, asked: ReportsAsked) -> ReportList:
    """The reports that a schedule or a command asked for, one for each target, and what came of them."""
    if asked.project is not None:
        site.get_project(asked.project)
    wanted = ReportFilter(
        project=asked.project or "",
        state=asked.state or "",
        after=read_cursor(asked, tuple[Time, Word]),
    )
    with site.database.read() as connection:
        found = report_claims.list_page(connection, wanted, asked.limit + 1)
    shown = found[: asked.limit]
    more = len(found) > len(shown)
    return ReportList(
        reports=tuple(map(_line, shown)),
        next=make_cursor(asked, (shown[-1].at, shown[-1].key)) if more else None,
    )


@operation(
    "/api/v1/reports/{project}/{sprint}",
    scope="reports:read",
    group="Reports",
    media_types=tuple(MEDIA_TYPES[each] for each in ("markdown", "html", "csv")),
)
def get_report_text(site: Site, asked: ReportAsked) -> ReportDocument | Text:
    """The report of a sprint as JSON, as Markdown, as one HTML file, or its items as CSV."""
    policy = site.get_project(asked.project)
    with site.database.read() as connection:
        number = find_number(site, connection, policy, asked.sprint)
        report = get_report(site, connection, policy, number)
    if asked.format == "json":
        return report_values(report)
    suffix = "md" if asked.format == "markdown" else asked.format
    return Text(
        body=_write(report, asked.format, site.public_url),
        media_type=MEDIA_TYPES[asked.format],
        filename=f"sprint-{number}.{suffix}",
    )


def _write(report: Report, form: Format, public_url: str) -> str:
    if form == "csv":
        return render_csv(report)
    if form == "html":
        from trainboard.web.sprint_view import render_file

        return render_file(report)
    page_url = f"{public_url}/sprints/{report.project}/{report.sprint.number}" if public_url else None
    return render_report(report, DIALECTS["plain"], page_url)


def _line(report: KnownReport) -> ReportLine:
    return ReportLine(**msgspec.structs.asdict(report))
