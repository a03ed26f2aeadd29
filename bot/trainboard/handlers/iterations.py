"""Sprints come and go: the coming ones are made, ended ones are closed, what is open is carried over."""

from collections.abc import Iterator

from trainboard.effects import CarryExperimentItem, Effect, EndIteration, EnsureIteration
from trainboard.events import IterationChanged, SprintsDue
from trainboard.facts import Fact, ForgetIteration, NameIteration
from trainboard.policy import Project
from trainboard.read import Read

HANDLES = (SprintsDue, IterationChanged)


def react(event: SprintsDue | IterationChanged, read: Read) -> Iterator[Fact | Effect]:
    """Sprints due in every project; a change that people made to one sprint as a fact."""
    match event:
        case SprintsDue():
            for project in read.list_projects():
                yield from _keep_sprints(project, read)
        case IterationChanged(action="deleted"):
            yield ForgetIteration(tracker=event.tracker, ref=event.ref)
        case _:
            yield NameIteration(tracker=event.tracker, ref=event.ref, name=event.name, at=event.at)


def ensure_iteration(project: str, number: int, read: Read) -> Iterator[Effect]:
    """The sprint, unless the tracker is known to have it."""
    if not read.has_iteration(project, number):
        yield EnsureIteration(project=project, number=number)


def _keep_sprints(project: Project, read: Read) -> Iterator[Effect]:
    current = read.current_iteration(project.name).number
    for number in range(current, current + project.create_ahead + 1):
        yield from ensure_iteration(project.name, number, read)
    for number in read.list_unclosed_iterations(project.name, before=current):
        yield EndIteration(project=project.name, number=number)
    if project.carry_over == "none":
        return
    for item in read.list_open_items(project.name, before=current):
        yield CarryExperimentItem(
            project=item.project, experiment=item.experiment, origin=item.number, number=current
        )
