"""A sprint's report, made of what is in the database."""

from datetime import datetime

from sqlalchemy import Connection

from trainboard.errors import MissingError
from trainboard.iterations import iteration_at
from trainboard.policy import Project
from trainboard.report.building import History, Report, build
from trainboard.report.happenings import Past
from trainboard.store import history_readings, item_history, iterations

_MOST_DIGITS = 5


def make(connection: Connection, project: Project, number: int, now: datetime) -> Report:
    """The report of sprint `number`, as seen at `now`.

    Raises:
        MissingError: nothing is known yet of what stands in the project's sprints.
    """
    known_since = history_readings.find_beginning(connection, project.name) or item_history.find_beginning(
        connection, project.name
    )
    if known_since is None:
        raise MissingError(
            f"Nothing is known yet of what stands in the sprints of {project.name}: the service looks half a "
            "minute after it started, and then every hour."
        )
    history = History(
        project=project.name,
        past=Past(item_history.list_of(connection, project.name)),
        known_since=known_since,
        names=iterations.list_numbered(connection, project.name),
        gaps=history_readings.list_gaps(connection, project.name, now),
    )
    return build(history, project.sprint, number, now)


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
