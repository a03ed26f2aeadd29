"""Problems as JSON: the same facts as the list of alerts."""

from datetime import timedelta
from typing import Any

import flask

from trainboard.alert_figures import AlertFigures, Lengths
from trainboard.store import alert_log
from trainboard.store.alert_log import ProblemLine
from trainboard.web.alert_pages import MEASURED_DAYS, measure_alerts, state_of, wanted_of
from trainboard.web.problems import answer
from trainboard.web.site import Site


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of the alerts' JSON to `blueprint`."""

    def alerts() -> flask.Response:
        return answer(_document(site))

    blueprint.add_url_rule("/api/v1/alerts", "api_alerts", alerts)


def _document(site: Site) -> dict[str, Any]:
    name = flask.request.args.get("project")
    if name is not None:
        site.get_project(name)
    wanted = wanted_of(site)
    with site.database.read() as connection:
        page = alert_log.list_page(connection, wanted)
        figures = measure_alerts(site, connection, wanted.project)
    return {
        "project": wanted.project,
        "figures": _figures(figures),
        "problems": [_problem(line) for line in page.lines],
        "next_page": wanted.page + 1 if page.has_more else None,
    }


def _figures(figures: AlertFigures) -> dict[str, Any]:
    return {
        "days": MEASURED_DAYS,
        "alerts": figures.alerts,
        "problems": figures.problems,
        "bugs": figures.bugs,
        "reopened": figures.reopened,
        "closed": figures.closed,
        "closed_as": figures.closed_as,
        "time_to_acknowledge": _lengths(figures.acknowledge),
        "time_to_resolve": _lengths(figures.resolve),
    }


def _lengths(lengths: Lengths) -> dict[str, Any]:
    return {
        "bugs": lengths.count,
        "median_seconds": _seconds(lengths.median),
        "p90_seconds": _seconds(lengths.p90),
    }


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _problem(line: ProblemLine) -> dict[str, Any]:
    problem = line.problem
    return {
        "key": problem.key,
        "project": problem.project,
        "source": problem.door,
        "kind": problem.kind,
        "rule": problem.rule,
        "labels": problem.labels,
        "severity": problem.severity,
        "state": state_of(line),
        "firing": line.firing,
        "alerts": line.alerts,
        "ref": problem.ref or None,
        "url": problem.url or None,
        "began_at": problem.began_at,
        "acknowledged_at": problem.acknowledged_at,
        "closed_at": problem.closed_at,
        "closed_as": problem.closed_as,
    }
