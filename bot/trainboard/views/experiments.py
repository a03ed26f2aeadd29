"""What is known of an experiment beside what people wrote of it."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.experiment_view import ExperimentView, LinkedAlert
from trainboard.iterations import iteration
from trainboard.policy import Project
from trainboard.report.retrains import list_retrains
from trainboard.runs import RunReport
from trainboard.store import alert_lineages, cursors, iterations, runs, triggers
from trainboard.store.items import KnownItem
from trainboard.triggers import Trigger
from trainboard.views.model_places import with_places
from trainboard.views.pull_requests import list_linked


def view_experiment(
    connection: Connection, known: KnownItem, project: Project, now: datetime
) -> ExperimentView:
    """All of it, without a verdict on targets and budget, and without addresses of our own pages."""
    tracked = known.item
    reports, seen_at = runs.list_reports(connection, project.name, tracked.experiment, known.sprints)
    found = runs.list_models(connection, project.name, [each.run.id for each in reports])
    name = iterations.find_name(connection, project.name, tracked.number)
    alerts = alert_lineages.list_of_item(connection, tracked.tracker, tracked.ref)
    places = (tracked.ref, *(alert.ref for alert in alerts))
    asked = triggers.list_of_origin(connection, tracked.tracker, *places)
    sprint = iteration(project.sprint, tracked.number)
    return ExperimentView(
        project=project.name,
        experiment=tracked.experiment,
        iteration=replace(sprint, name=name or sprint.name),
        updated_at=seen_at or now,
        experiment_url=_find_url(reports),
        carries=tracked.carries,
        carried_from=known.carried_from,
        runs=reports,
        models=with_places(connection, project, found, now),
        pull_requests=list_linked(connection, tracked.tracker, tracked.ref, now),
        triggers=tuple(asked),
        alerts=alerts,
        retrains=_list_retrains(project, asked, reports, alerts),
        outages=tuple(cursors.list_outages(connection, project.run_trackers, told=True)),
        unheard=runs.find_unheard(connection, project.name, tracked.experiment, known.sprints, now),
    )


def _list_retrains(
    project: Project, asked: Iterable[Trigger], reports: Iterable[RunReport], alerts: Iterable[LinkedAlert]
) -> tuple[tuple[datetime, str], ...]:
    bugs = {(project.tracker.casefold(), alert.ref) for alert in alerts}
    return tuple((each.at, each.url) for each in list_retrains(project, asked, reports, bugs))


def _find_url(reports: tuple[RunReport, ...]) -> str | None:
    urls = (each.experiment.url for each in reversed(reports))
    return next((url for url in urls if isinstance(url, str)), None)
