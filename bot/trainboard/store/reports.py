"""A sprint's report, made of what is in the database."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from trainboard.errors import MissingError
from trainboard.iterations import iteration, iteration_at
from trainboard.policy import Project
from trainboard.report.building import History, Report, build
from trainboard.report.digest import Digest, digest
from trainboard.report.happenings import Past
from trainboard.store import (
    around,
    cursors,
    history_readings,
    item_history,
    iterations,
    report_news,
    report_places,
    sprint_goals,
)

_MOST_DIGITS = 5


def make(connection: Connection, project: Project, number: int, now: datetime) -> Report:
    """The report of sprint `number`, as seen at `now`.

    Raises:
        MissingError: nothing is known yet of what stands in the project's sprints.
    """
    beside = around.find(connection, project, iteration(project.sprint, number), now)
    history = msgspec.structs.replace(read_history(connection, project, now), around=beside)
    return build(history, project.sprint, number, now)


def read_history(connection: Connection, project: Project, now: datetime) -> History:
    """All that happened in the project's sprints but to their reports, and nothing of what went on beside.

    Raises:
        MissingError: nothing is known yet of what stands in its sprints.
    """
    known_since = history_readings.find_beginning(connection, project.name) or item_history.find_beginning(
        connection, project.name
    )
    if known_since is None:
        raise MissingError(
            f"Nothing is known yet of what stands in the sprints of {project.name}: the service looks half a "
            "minute after it started, and then every hour."
        )
    own = report_places.list_refs(connection, project.name)
    return History(
        project=project.name,
        past=Past(each for each in item_history.list_of(connection, project.name) if each.item not in own),
        known_since=known_since,
        names=iterations.list_numbered(connection, project.name),
        gaps=history_readings.list_gaps(connection, project.name, now),
        outages=cursors.list_outages(connection, project.run_trackers, told=True),
        goals=sprint_goals.list_of(connection, project.name),
    )


def make_digest(
    connection: Connection, project: Project, number: int, since: datetime, until: datetime
) -> Digest:
    """What changed in sprint `number` from `since` until `until`.

    Raises:
        MissingError: as in `make`.
    """
    history = read_history(connection, project, until)
    sprint = iteration(project.sprint, number)
    named = msgspec.structs.replace(sprint, name=history.names.get(number, sprint.name))
    made = digest(project.name, history.past, named, since, until, history.known_since)
    return msgspec.structs.replace(
        made,
        runs=report_news.count_runs(connection, project.name, since, until),
        bugs=report_news.count_bugs(connection, project.name, since, until),
    )


def find_number(connection: Connection, project: Project, sprint: str | None, now: datetime) -> int:
    """The number of the sprint that is called so or has that number; None is the one under way.

    Raises:
        MissingError: no such sprint has begun; the text names those that are known.
    """
    current = iteration_at(project.sprint, now).number
    if sprint is None:
        return current
    found = iterations.find_number(connection, project.name, sprint)
    if found is None and sprint.isdecimal() and len(sprint) <= _MOST_DIGITS:
        found = int(sprint)
    if found is None or not 0 < found <= current:
        known = ", ".join(iterations.list_names(connection, project.name)) or "none"
        raise MissingError(f"No sprint {sprint!r} of {project.name} has begun. Known are: {known}.")
    return found
