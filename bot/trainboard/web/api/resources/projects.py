"""The projects that are configured."""

from datetime import date

import msgspec

from trainboard.iterations import Iteration
from trainboard.web.api.asking import Nothing
from trainboard.web.api.operations import operation
from trainboard.web.site import Site


class SprintDates(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint. `start` and `end` are its first and its last day where the team lives."""

    number: int
    name: str
    start: date
    end: date


class ProjectLine(msgspec.Struct, frozen=True, kw_only=True):
    """A project with the sprint that is under way.

    `tracker` is where its work items live, `code` its repository, null where none is configured.
    `production` are globs of the environments, aliases and endpoints that people rely on.
    """

    name: str
    tracker: str
    code: str | None
    production: tuple[str, ...]
    sprint: SprintDates


class ProjectList(msgspec.Struct, frozen=True, kw_only=True):
    """All projects, in the order of the configuration."""

    projects: tuple[ProjectLine, ...]


def name_sprint(sprint: Iteration) -> SprintDates:
    """The sprint as programs are told of it."""
    return SprintDates(number=sprint.number, name=sprint.name, start=sprint.start, end=sprint.end)


@operation("/api/v1/projects", scope="board:read", group="Projects")
def list_projects(site: Site, _: Nothing) -> ProjectList:
    """The projects that are configured, each with its current sprint."""
    with site.database.read() as connection:
        lines = [
            ProjectLine(
                name=each.name,
                tracker=each.tracker,
                code=each.code,
                production=each.production,
                sprint=name_sprint(site.get_sprint(connection, each, site.current(each).number)),
            )
            for each in site.projects.values()
        ]
    return ProjectList(projects=tuple(lines))
