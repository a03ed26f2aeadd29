"""The page of one experiment: its targets, every run, and what failed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import flask
import msgspec
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from trainboard.experiment_view import ExperimentView
from trainboard.iterations import Iteration, iteration, today_of
from trainboard.lifecycle import find_current, list_stages
from trainboard.metrics import judge_again
from trainboard.policy import Project
from trainboard.rendering.experiment import list_beside
from trainboard.rendering.experiment_plan import say_conclusion
from trainboard.rendering.experiment_tables import metric_cell
from trainboard.rendering.summary import KnownMetric, Row, Summary, run_name, summarise
from trainboard.runs import RunFailure, RunReport, RunStatus
from trainboard.spending import measure
from trainboard.store import board, items, plan_words
from trainboard.store.board import Card
from trainboard.views.experiments import view_experiment
from trainboard.web.board_pages import SPRINT
from trainboard.web.charts import bar_of, chart_of
from trainboard.web.formats import web_url
from trainboard.web.markdown import render_markdown
from trainboard.web.site import Site

PAGE_ROWS = 100
_MAX_METRICS = 4
_MAX_FAILURES = 10


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A run that failed and what it said; `reason` is empty where it said nothing."""

    report: RunReport
    kind: str
    reason: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows of the ranking; `first` counts the rows before them, pages count from 1."""

    rows: Sequence[Row]
    first: int
    number: int
    count: int


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of this page to `blueprint`."""

    def experiment(project: str, number: int, item: int) -> str:
        return _render(site, project, number, item)

    blueprint.add_url_rule(f"{SPRINT}/experiments/<int:item>", "experiment", experiment)


def page_of(summary: Summary, wanted: int) -> Page:
    """Page `wanted` of the ranking; one that does not exist is the nearest that does."""
    count = max(-(-len(summary.rows) // PAGE_ROWS), 1)
    chosen = min(max(wanted, 1), count)
    first = (chosen - 1) * PAGE_ROWS
    return Page(rows=summary.rows[first : first + PAGE_ROWS], first=first, number=chosen, count=count)


def failures_of(reports: Iterable[RunReport]) -> list[Failure]:
    """The ten runs that failed last, latest first."""
    failed = [report for report in reports if report.run.status is RunStatus.FAILED]
    failed.sort(
        key=lambda report: report.run.ended_at.timestamp() if report.run.ended_at else 0.0, reverse=True
    )
    return [_failure(report) for report in failed[:_MAX_FAILURES]]


def _failure(report: RunReport) -> Failure:
    error = report.run.error
    if not isinstance(error, RunFailure):
        return Failure(report=report, kind="", reason="")
    return Failure(report=report, kind=error.type or "", reason=error.message or "")


def columns_of(summary: Summary) -> list[KnownMetric]:
    """The metrics that the ranking shows: all targeted ones, and others where these are fewer than four."""
    targeted = [metric for metric in summary.metrics if metric.targeted]
    others = [metric for metric in summary.metrics if not metric.targeted]
    return targeted + others[: max(_MAX_METRICS - len(targeted), 0)]


def _render(site: Site, name: str, number: int, item: int) -> str:
    project = site.get_project(name)
    with site.database.read() as connection:
        sprint = site.get_sprint(connection, project, number)
        card = board.find_card(connection, name, number, item)
        if card is None:
            raise NotFound("No experiment of that number is in this sprint.")
        view = _view(connection, card, project, sprint, site.clock())
        troubles = site.find_troubles(connection)
    reports = view.runs
    summary = summarise(view, max_rows=len(reports))
    first_target = view.judgements[0].wanted if view.judgements else None
    return flask.render_template(
        "experiment.html",
        site=site,
        project=project,
        sprint=sprint,
        card=card,
        view=view,
        summary=summary,
        metrics=columns_of(summary),
        page=page_of(summary, flask.request.args.get("page", 1, type=int)),
        failures=failures_of(reports),
        chart=chart_of(first_target, reports) if first_target else None,
        run_names={report.run.id: run_name(report) for report in reports},
        run_urls={report.run.id: web_url(report.run.url or None) for report in reports},
        run_name=run_name,
        stages=list_stages(view),
        current=find_current(view),
        ended=say_conclusion(view.conclusion),
        beside=list_beside(view),
        render_markdown=render_markdown,
        bar_of=bar_of,
        metric_cell=metric_cell,
        troubles=troubles,
        now=site.clock(),
    )


def _view(
    connection: Connection, card: Card, project: Project, sprint: Iteration, now: datetime
) -> ExperimentView:
    """As of now, with the targets and limits that people wrote when the work item was shown last."""
    item = card.item
    view = view_experiment(connection, card.known, project, now)
    limits = [use.limit for use in items.list_usage(connection, card.known)]
    days = iteration(project.sprint, min(card.sprints)).start, today_of(project.sprint, now)
    return msgspec.structs.replace(
        view,
        iteration=sprint,
        updated_at=card.updated_at,
        judgements=judge_again(card.judgements, view.runs),
        usage=tuple(measure(limits, view.runs, project.prices, days, now)),
        conclusion=plan_words.find_end(connection, item.tracker, item.ref),
    )
