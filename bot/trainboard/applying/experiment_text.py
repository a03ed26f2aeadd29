"""The body of an experiment's work item, made from what the store knows and people wrote."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from trainboard.applying import Outside
from trainboard.applying.model_places import with_places
from trainboard.applying.pull_request_known import list_linked
from trainboard.experiment_view import ExperimentView, LinkedAlert
from trainboard.fingerprints import experiment_key
from trainboard.iterations import iteration, today_of
from trainboard.metrics import judge
from trainboard.plans import list_baselines, make_plan
from trainboard.policy import Project
from trainboard.rendering.experiment import render_experiment, render_new_body
from trainboard.report.retrains import list_retrains
from trainboard.runs import RunReport
from trainboard.spending import measure
from trainboard.store import alert_lineages, baselines, cursors, iterations, plan_words, runs, triggers
from trainboard.store.items import KnownItem
from trainboard.triggers import Trigger


class ItemText(msgspec.Struct, frozen=True, kw_only=True):
    """A whole body, and what it shows."""

    body: str
    view: ExperimentView


def text_of(known: KnownItem, body: str | None, outside: Outside) -> ItemText:
    """The body with the bot's part made anew; `body` is how it stands, None for a new item."""
    tracked, first = known.item, min(known.sprints)
    markers = outside.markers(tracked.project)
    view = _view(known, outside)
    if body is None:
        body = render_new_body(view)
    written = markers.outside(body)
    view = _judge(view, known, written, outside)
    left = outside.trackers[tracked.project].traits.max_body_bytes - len(written.encode())
    rendered = render_experiment(view, max(_LEAST_BYTES, min(_MOST_BYTES, left - _MARKS_BYTES)))
    key = experiment_key(tracked.project, tracked.experiment, first)
    return ItemText(body=markers.replace(body, key, rendered), view=view)


def _judge(view: ExperimentView, known: KnownItem, written: str, outside: Outside) -> ExperimentView:
    """By the plan that people wrote and commanded."""
    tracked, project = known.item, outside.projects[known.item.project]
    with outside.database.read() as connection:
        plan = make_plan(written, plan_words.list_of(connection, tracked.tracker, tracked.ref))
        compared = baselines.list_of(connection, tracked.project, tracked.experiment, plan.compared_with)
    now, began = outside.clock(), iteration(project.sprint, min(known.sprints)).start
    days = began, today_of(project.sprint, now)
    return msgspec.structs.replace(
        view,
        judgements=tuple(judge(plan.targets, view.runs, list_baselines(plan, compared))),
        baseline=plan.baseline,
        usage=tuple(measure(plan.budget, view.runs, project.prices, days, now)),
        rules=plan.rules,
        conclusion=plan.conclusion,
    )


_LEAST_BYTES = 2_000
_MOST_BYTES = 60_000
_MARKS_BYTES = 500


def _view(known: KnownItem, outside: Outside) -> ExperimentView:
    tracked = known.item
    with outside.database.read() as connection:
        reports, seen_at = runs.list_reports(connection, tracked.project, tracked.experiment, known.sprints)
        unheard = runs.find_unheard(
            connection, tracked.project, tracked.experiment, known.sprints, outside.clock()
        )
        found = runs.list_models(connection, tracked.project, [each.run.id for each in reports])
        models = with_places(connection, outside.projects[tracked.project], found, outside.clock())
        name = iterations.find_name(connection, tracked.project, tracked.number)
        alerts = alert_lineages.list_of_item(connection, tracked.tracker, tracked.ref)
        places = (tracked.ref, *(alert.ref for alert in alerts))
        asked = triggers.list_of_origin(connection, tracked.tracker, *places)
        outages = cursors.list_outages(connection, outside.projects[tracked.project].run_trackers, told=True)
        linked = list_linked(connection, tracked.tracker, tracked.ref, outside.clock())
    sprint = iteration(outside.projects[tracked.project].sprint, tracked.number)
    return ExperimentView(
        project=tracked.project,
        experiment=tracked.experiment,
        iteration=msgspec.structs.replace(sprint, name=name or sprint.name),
        updated_at=seen_at or outside.clock(),
        experiment_url=_url_of(reports),
        page_url=outside.page_url(f"/projects/{tracked.project}/sprints/{tracked.number}"),
        sprint_url=outside.page_url(f"/sprints/{tracked.project}/{tracked.number}"),
        carries=tracked.carries,
        carried_from=known.carried_from,
        runs=reports,
        models=models,
        pull_requests=linked,
        triggers=tuple(asked),
        alerts=alerts,
        retrains=_list_retrains(outside.projects[tracked.project], asked, reports, alerts),
        outages=tuple(outages),
        unheard=unheard,
    )


def _list_retrains(
    project: Project, asked: Iterable[Trigger], reports: Iterable[RunReport], alerts: Iterable[LinkedAlert]
) -> tuple[tuple[datetime, str], ...]:
    bugs = {(project.tracker.casefold(), alert.ref) for alert in alerts}
    return tuple((each.at, each.url) for each in list_retrains(project, asked, reports, bugs))


def _url_of(reports: tuple[RunReport, ...]) -> str | None:
    urls = (each.experiment.url for each in reversed(reports))
    return next((url for url in urls if isinstance(url, str)), None)
