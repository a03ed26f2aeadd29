"""Reports that are due are asked for, each once; and what people do to the work items of reports is noted."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureReport, FreezeReport
from trainboard.events import ReportsDue, WorkItemChanged
from trainboard.facts import ClaimReport, Fact, HearOfReport
from trainboard.iterations import iteration
from trainboard.policy import Project
from trainboard.read import Read
from trainboard.report.schedules import GRACE, PUNCTUAL, Due, ReportSchedule, is_kept, list_due

HANDLES = (ReportsDue, WorkItemChanged)

MISSED = "It was missed by more than an hour, and the settings say to skip what was missed."
_SHOWN = frozenset({"body", "state"})


def react(event: ReportsDue | WorkItemChanged, read: Read) -> Iterator[Fact | Effect]:
    """What is due for each target of each project; or that the item of a report was touched."""
    if isinstance(event, WorkItemChanged):
        yield from _hear(event, read)
        return
    for project in read.list_projects():
        yield from _freeze(project, read)
        for schedule in project.reports:
            for target in schedule.targets:
                yield from _claim(project, schedule, target, read)


def _hear(event: WorkItemChanged, read: Read) -> Iterator[Fact]:
    if read.has_report_at(event.tracker, event.ref):
        touched = not event.by_bot and not (event.fields and _SHOWN.isdisjoint(event.fields))
        yield HearOfReport(tracker=event.tracker, ref=event.ref, at=event.at, touched=touched)


def _freeze(project: Project, read: Read) -> Iterator[Effect]:
    number = read.current_iteration(project.name).number - 1
    sprint = iteration(project.sprint, number)
    if number < 1 or read.now < sprint.ends_at + GRACE:
        return
    if read.needs_freezing(project.name, sprint):
        yield FreezeReport(project=project.name, number=number)


def _claim(project: Project, schedule: ReportSchedule, target: str, read: Read) -> Iterator[Fact | Effect]:
    """What is due since the target is known: nothing of before was missed."""
    watch = f"watch-reports:{project.name}/{schedule.kind}/{target}"
    since = read.find_report_claim(watch)
    if since is None:
        yield ClaimReport(
            key=watch,
            project=project.name,
            number=0,
            report=schedule.kind,
            target=target,
            state="watched",
            due_at=read.now,
            at=read.now,
        )
        return
    for due in list_due(schedule, project.sprint, target, since, read.now):
        effect = _ask(project, schedule, target, due)
        if read.find_report_claim(effect.key) is None:
            yield from _ask_or_skip(effect, schedule, read)


def _ask_or_skip(effect: EnsureReport, schedule: ReportSchedule, read: Read) -> Iterator[Fact | Effect]:
    """How the report of a sprint ended is wanted however late it is, where it is kept."""
    is_wanted = effect.is_final and is_kept(schedule.kind, effect.target)
    is_missed = read.now - effect.at > PUNCTUAL and not schedule.catches_up and not is_wanted
    yield ClaimReport(
        key=effect.key,
        project=effect.project,
        number=effect.number,
        report=effect.report,
        target=effect.target,
        state="skipped" if is_missed else "asked",
        due_at=effect.at,
        at=read.now,
        reason=MISSED if is_missed else "",
    )
    if not is_missed:
        yield effect


def _ask(project: Project, schedule: ReportSchedule, target: str, due: Due) -> EnsureReport:
    return EnsureReport(
        project=project.name,
        number=due.number,
        report=schedule.kind,
        period=due.period,
        target=target,
        at=due.at,
        since=due.since,
        is_final=due.is_final,
    )
