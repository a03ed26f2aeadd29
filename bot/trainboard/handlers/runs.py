"""A run was reported: note it, and keep its experiment's work item in step."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import UNSET, structs

from trainboard.counterparts import Counterpart, find_counterpart, find_tracker
from trainboard.effects import CarryExperimentItem, Effect, EnsureExperimentItem, EnsureMention, ReadRun
from trainboard.events import RunReported
from trainboard.facts import Fact, RecordRun
from trainboard.handlers.iterations import ensure_iteration
from trainboard.iterations import iteration_at
from trainboard.policy import Door
from trainboard.read import Home, Read, TrackedItem
from trainboard.runs import Links, RunReport

HANDLES = (RunReported,)

LATE = timedelta(days=1)

_NO_CODE = dict.fromkeys(("repo", "commit", "branch", "dirty"), UNSET)


def react(event: RunReported, read: Read) -> Iterator[Fact | Effect]:
    """The run as a fact; its work item, if the experiment is planned and the sprint not long over.

    A job that says which run of a tracker it is makes that be read, and counts with it.
    """
    door = read.find_door(event.door)
    if door is None:
        return
    report = _without_hearsay(event.report, door, read)
    named = _find_counterpart(report, door, read)
    wish = read.is_tracked(door.project, report.experiment.name)
    planned = door.plans(report.experiment.name) if wish is None else wish
    number = _sprint_of(report, door.project, read)
    left = _list_left(report, door.project, number, read)
    yield RecordRun(
        project=door.project,
        number=number,
        planned=planned,
        at=read.now,
        report=report,
        code=read.get_project(door.project).code,
        counterpart=named,
    )
    home = read.find_home(door.project, named) if named else None
    if home is not None:
        yield from _show_home(report, home, door.project, read)
    elif planned:
        yield from _show(report, door, number, read)
        yield from _mention(report, report.experiment.name, door.project, number, read)
    for experiment, sprint in left:
        yield from _ensure_known(door.project, experiment, sprint, read)
    if named is not None:
        for reader in _list_readers(named, door.project, read):
            yield ReadRun(door=reader.name, run=named.run)


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


def _find_counterpart(report: RunReport, door: Door, read: Read) -> Counterpart | None:
    """The tracker's run that the job says it is, now or before; None where nobody reads that."""
    if find_tracker(report.source) is not None:
        return None
    named = find_counterpart(report) or read.find_counterpart(door.project, report.source, report.run.id)
    return named if named and _list_readers(named, door.project, read) else None


def _list_readers(named: Counterpart, project: str, read: Read) -> list[Door]:
    kind = f"{named.tracker}/"
    return [door for door in read.list_doors(project) if door.polled and door.name.startswith(kind)]


def _list_left(report: RunReport, project: str, number: int, read: Read) -> Sequence[tuple[str, int]]:
    """Other experiments and sprints in which jobs counted that now count with this run of a tracker."""
    tracker = find_tracker(report.source)
    if tracker is None:
        return ()
    found = read.list_alone(project, Counterpart(tracker, report.run.id))
    return [each for each in found if each != (report.experiment.name, number)]


def _show_home(report: RunReport, home: Home, project: str, read: Read) -> Iterator[Effect]:
    """What a job says stands on the work item of the tracker's run."""
    yield from _ensure_known(project, home.experiment, home.number, read)
    if home.planned:
        yield from _mention(report, home.experiment, project, home.number, read)


def _ensure_known(project: str, experiment: str, number: int, read: Read) -> Iterator[Effect]:
    if read.find_item(project, experiment, number) is not None:
        yield EnsureExperimentItem(project=project, experiment=experiment, number=number)


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


def _mention(report: RunReport, experiment: str, project: str, number: int, read: Read) -> Iterator[Effect]:
    """The pull request that the run came from shall name the work item, where its tracker reads it there.

    Once for each: whoever takes the name out again means it.
    """
    plan, links = read.get_project(project), report.links
    if plan.mention is None or not isinstance(links, Links):
        return
    if not isinstance(links.repo, str) or not isinstance(links.pr, int) or not plan.is_home_of(links.repo):
        return
    mention = EnsureMention(project=project, experiment=experiment, number=number, pull_request=links.pr)
    if not read.was_applied(mention.key):
        yield mention
