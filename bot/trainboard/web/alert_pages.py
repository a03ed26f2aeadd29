"""Problems that monitors tell of: the list, and the life of each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import get_args

import flask
import msgspec
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from trainboard.alert_figures import AlertFigures, measure
from trainboard.alert_life import Episode, Problem, Stand, judge_problem
from trainboard.alert_policy import AlertPolicy
from trainboard.alert_view import Lineage
from trainboard.alerts import AlertLinks
from trainboard.iterations import iteration_at
from trainboard.store import alert_history, alert_log, model_lineage
from trainboard.store.alert_log import ProblemDetails, ProblemFilter, ProblemLine
from trainboard.web.formats import web_url
from trainboard.web.site import Site

MEASURED_DAYS = 30
MAX_EPISODES = 100
MAX_VALUES = 5
STATES = {"open": "open", "closed": "closed", "without": "without a bug"}

_KEY = re.compile(r"(alert|storm):[0-9a-z]{1,64}")
_MAX_PAGE = 10_000


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """All that one problem's page shows.

    Attributes:
        details: as the store has them.
        stand: how it stands now.
        sprint: the number of the sprint in which it began.
        episodes: those of its alerts that are shown.
        varying: the labels in which its alerts differ, each with its values in the order in which they came.
        lineage: where the model came from; None where the alerts name none that is known.
        links: what to look at and where, of the first alert; http and https only.
    """

    details: ProblemDetails
    stand: Stand
    sprint: int
    episodes: Sequence[Episode]
    varying: Mapping[str, Sequence[str]]
    lineage: Lineage | None
    links: Sequence[tuple[str, str]]


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the addresses of these pages to `blueprint`."""

    def alerts() -> str:
        return _render_list(site)

    def alert(key: str) -> str:
        return _render_details(site, key)

    blueprint.add_url_rule("/alerts", "alerts", alerts)
    blueprint.add_url_rule("/alerts/<key>", "alert", alert)


def name_of(problem: Problem) -> str:
    """What the problem, or the storm, is called."""
    if problem.kind == "storm":
        return f"Storm of {problem.rule}" if problem.rule else "Storm of many rules"
    return problem.rule or "An alert without a name"


def state_of(line: ProblemLine) -> str:
    """How its bug stands, in a word or two."""
    problem = line.problem
    match problem.state:
        case "waiting" if problem.storm is not None:
            return "in a storm"
        case "waiting":
            return "no bug yet" if line.firing else "over, no bug"
        case "gone":
            return "deleted"
        case state:
            return state


def list_varying(episodes: Iterable[Episode]) -> dict[str, list[str]]:
    """By label, its values in the order in which they came, where alerts differ in it."""
    values: dict[str, dict[str, None]] = {}
    for episode in episodes:
        for name, value in episode.alert.labels.items():
            values.setdefault(name, {})[value] = None
    return {name: list(told) for name, told in sorted(values.items()) if len(told) > 1}


def list_links(episodes: Sequence[Episode]) -> list[tuple[str, str]]:
    """Where the first alert says to look, as far as it may be linked to."""
    links = episodes[0].alert.links if episodes else AlertLinks()
    told = {
        "Runbook": links.runbook,
        "Dashboard": links.dashboard,
        "Panel": links.panel,
        "Query": links.generator,
        "Silence": links.silence,
    }
    return [(text, url) for text, url in told.items() if web_url(url)]


def wanted_of(site: Site) -> ProblemFilter:
    """What the request asks for; what it asks for and is not known is left out."""
    asked = flask.request.args
    page = asked.get("page", type=int) or 1
    state = asked.get("state", "")
    return ProblemFilter(
        project=asked["project"] if asked.get("project") in site.projects else None,
        state=next((each for each in get_args(alert_log.Wanted) if each == state), ""),
        page=min(max(page, 1), _MAX_PAGE),
        limit=alert_log.PAGE_ROWS,
    )


def measure_alerts(site: Site, connection: Connection, project: str | None) -> AlertFigures:
    """The figures of the last 30 days, of one project or of all."""
    now = site.clock()
    return measure(alert_history.find(connection, project, now - timedelta(days=MEASURED_DAYS), now))


def find_shown(site: Site, connection: Connection, key: str) -> Shown | None:
    """All that is shown of the problem of that key; None where no project of ours has it."""
    details = alert_log.find_details(connection, key) if _KEY.fullmatch(key) else None
    if details is None or details.line.problem.project not in site.projects:
        return None
    problem = details.line.problem
    door = site.doors.get(problem.door)
    policy = door.alerts if door and door.alerts else AlertPolicy()
    polled = bool(door and door.polled)
    stand = judge_problem(problem, details.episodes, policy, site.clock(), polled=polled)
    told = next((each.alert.labels for each in (*stand.firing, *details.episodes)), {})
    project = site.projects[problem.project]
    return Shown(
        details=details,
        sprint=iteration_at(project.sprint, problem.began_at).number,
        stand=stand,
        episodes=details.episodes[:MAX_EPISODES],
        varying=list_varying(details.episodes),
        lineage=model_lineage.find_of_alert(connection, project, told, policy),
        links=list_links(details.episodes),
    )


def _render_list(site: Site) -> str:
    wanted = wanted_of(site)
    with site.database.read() as connection:
        page = alert_log.list_page(connection, wanted)
        still_open = alert_log.count_open(connection, wanted.project)
        figures = measure_alerts(site, connection, wanted.project)
        troubles = site.find_troubles(connection)
    return flask.render_template(
        "alerts.html",
        site=site,
        **({"project": site.projects[wanted.project]} if wanted.project else {}),
        page=page,
        wanted=wanted,
        states=STATES,
        figures=figures,
        still_open=still_open,
        measured_days=MEASURED_DAYS,
        monitors=[door for door in site.doors.values() if door.alerts],
        name_of=name_of,
        state_of=state_of,
        troubles=troubles,
        now=site.clock(),
    )


def _render_details(site: Site, key: str) -> str:
    with site.database.read() as connection:
        shown = find_shown(site, connection, key)
        troubles = site.find_troubles(connection)
    if shown is None:
        raise NotFound("No alert is known under that address, or it is kept no longer.")
    return flask.render_template(
        "alert.html",
        site=site,
        project=site.projects[shown.details.line.problem.project],
        shown=shown,
        max_values=MAX_VALUES,
        name_of=name_of,
        state_of=state_of,
        troubles=troubles,
        now=site.clock(),
    )
