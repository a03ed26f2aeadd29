"""A run was reported: note it, and keep its experiment's work item in step."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import UNSET, structs

from trainboard.effects import CarryExperimentItem, Effect, EnsureExperimentItem, EnsureMention
from trainboard.events import RunReported
from trainboard.facts import Fact, RecordRun
from trainboard.handlers.iterations import ensure_iteration
from trainboard.iterations import iteration_at
from trainboard.policy import Door
from trainboard.read import Read, TrackedItem
from trainboard.runs import Links, RunReport

HANDLES = (RunReported,)

LATE = timedelta(days=1)

_NO_CODE = dict.fromkeys(("repo", "commit", "branch", "dirty"), UNSET)


def react(event: RunReported, read: Read) -> Iterator[Fact | Effect]:
    """The run as a fact; its work item, if the experiment is planned and the sprint not long over."""
    door = read.find_door(event.door)
    if door is None:
        return
    report = _without_hearsay(event.report, door, read)
    wish = read.is_tracked(door.project, report.experiment.name)
    planned = door.plans(report.experiment.name) if wish is None else wish
    number = _sprint_of(report, door.project, read)
    yield RecordRun(
        project=door.project,
        number=number,
        planned=planned,
        at=read.now,
        report=report,
        code=read.get_project(door.project).code,
    )
    if planned:
        yield from _show(report, door, number, read)
        yield from _mention(report, door.project, number, read)


def _without_hearsay(report: RunReport, door: Door, read: Read) -> RunReport:
    """The report without what another door reads better from the run itself.

    That is an end that is but the moment of the telling, and links that name nothing but code.
    """
    if all(other.name == door.name for other in read.list_readings(door.project, report.source)):
        return report
    run, links = report.run, report.links
    if run.ended_at == report.time:
        run = structs.replace(run, ended_at=UNSET)
    if isinstance(links, Links) and structs.replace(links, **_NO_CODE) == Links():
        links = UNSET
    return structs.replace(report, run=run, links=links)


def _sprint_of(report: RunReport, project: str, read: Read) -> int:
    """The sprint in which the run ended, the current one for a run that has not (by our clock)."""
    ended_at = report.run.ended_at
    if not report.run.status.ended or not isinstance(ended_at, datetime) or ended_at >= read.now:
        return read.current_iteration(project).number
    return iteration_at(read.get_project(project).sprint, ended_at).number


def _show(report: RunReport, door: Door, number: int, read: Read) -> Iterator[Effect]:
    experiment = report.experiment.name
    ensure = EnsureExperimentItem(project=door.project, experiment=experiment, number=number)
    if read.find_item(door.project, experiment, number) is not None:
        yield ensure
        return
    if number < read.current_iteration(door.project).number and not _is_news(report, read.now):
        return
    yield from ensure_iteration(door.project, number, read)
    earlier = _find_earlier(door.project, experiment, number, read)
    if earlier is not None:
        yield CarryExperimentItem(
            project=door.project, experiment=experiment, origin=earlier.number, number=number
        )
    yield ensure


def _is_news(report: RunReport, now: datetime) -> bool:
    ended_at = report.run.ended_at
    return not isinstance(ended_at, datetime) or now - ended_at < LATE


def _find_earlier(project: str, experiment: str, number: int, read: Read) -> TrackedItem | None:
    open_items = read.list_open_items(project, before=number)
    return next((item for item in reversed(open_items) if item.experiment == experiment), None)


def _mention(report: RunReport, project: str, number: int, read: Read) -> Iterator[Effect]:
    """The pull request that the run came from shall name the work item, where its tracker reads it there.

    Once for each: whoever takes the name out again means it.
    """
    plan, links = read.get_project(project), report.links
    if plan.mention is None or not isinstance(links, Links):
        return
    if not isinstance(links.repo, str) or not isinstance(links.pr, int) or not plan.is_home_of(links.repo):
        return
    experiment = report.experiment.name
    mention = EnsureMention(project=project, experiment=experiment, number=number, pull_request=links.pr)
    if not read.was_applied(mention.key):
        yield mention
