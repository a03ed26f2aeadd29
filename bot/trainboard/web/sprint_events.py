"""Sprints as events of a calendar.

Source: RFC 5545, "iCalendar"; RFC 7986, "New Properties for iCalendar".
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import flask
from icalendar import Calendar, Event
from sqlalchemy import Connection

from trainboard.iterations import Iteration
from trainboard.policy import Project
from trainboard.rendering.inert import plain
from trainboard.store import iterations
from trainboard.web.site import Site

PAST_SPRINTS = 6
MOST_AHEAD = 12
_REFRESH = timedelta(hours=6)
COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
"""What nobody changed yet counts as made then, and has number 0."""
_MOST_CHARACTERS = 120


def make_calendar(site: Site, connection: Connection, projects: Iterable[Project]) -> Calendar:
    """The sprints of these projects."""
    calendar = Calendar()
    calendar.add("prodid", "-//Trainboard//Sprints//EN")
    calendar.add("version", "2.0")
    calendar.add("name", "Sprints")
    calendar.add("x-wr-calname", "Sprints")
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for project in projects:
        for event in _list_events(site, connection, project):
            calendar.add_component(event)
    return calendar


def _list_events(site: Site, connection: Connection, project: Project) -> Iterator[Event]:
    """The last sprints, this one, and those that are to come as far as they are made ahead."""
    current = site.current(project).number
    changes = iterations.list_changes(connection, project.name)
    ahead = max([current + project.create_ahead, *changes])
    for number in range(current - PAST_SPRINTS, min(ahead, current + MOST_AHEAD) + 1):
        if number > 0:
            sprint = site.get_sprint(connection, project, number)
            yield _make_event(site, project, sprint, changes.get(number, COUNTED_FROM))


def _make_event(site: Site, project: Project, sprint: Iteration, changed_at: datetime) -> Event:
    """An event of whole days. Its number grows with each change, for whoever keeps it."""
    event = Event()
    event.add("uid", f"{project.name}-sprint-{sprint.number}@trainboard")
    event.add("summary", plain(f"{sprint.name}, {project.name}", _MOST_CHARACTERS))
    event.add("dtstart", sprint.start)
    event.add("dtend", sprint.end + timedelta(days=1))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", max(0, (changed_at - COUNTED_FROM) // timedelta(minutes=1)))
    event.add("transp", "TRANSPARENT")
    if site.public_url:
        event.add(
            "url",
            f"{site.public_url}{flask.url_for('pages.report', project=project.name, sprint=sprint.number)}",
        )
    return event
