"""A repository can be written to no longer, or again: note it, and show then what waited for it."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem
from trainboard.events import RepositoryChanged
from trainboard.facts import Fact, RecordRepository
from trainboard.handlers.pull_requests import show_status
from trainboard.read import Read

HANDLES = (RepositoryChanged,)


def react(event: RepositoryChanged, read: Read) -> Iterator[Fact | Effect]:
    """The fact, where a project lives in the repository; what waited to be shown, once that can be done."""
    code = event.code.casefold()
    projects = read.list_projects_of_code(event.code)
    if not projects and all(project.tracker.casefold() != code for project in read.list_projects()):
        return
    yield RecordRepository(code=event.code, state=event.state, at=event.at)
    if event.state == "writable" and projects:
        for each in read.list_open_pull_requests(event.code):
            yield show_status(each.code, each.number, projects)
    if event.state == "writable":
        for project in read.list_projects():
            if project.tracker.casefold() == code:
                yield from _open_items(project.name, read)


def _open_items(project: str, read: Read) -> Iterator[Effect]:
    coming = read.current_iteration(project).number + 1
    for item in read.list_open_items(project, before=coming):
        yield EnsureExperimentItem(project=project, experiment=item.experiment, number=item.number)
