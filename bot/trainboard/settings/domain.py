"""Settings as the values that the domain works with."""

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import (
    replace,
)

from trainboard import (
    triggers,
)
from trainboard.alert_policy import (
    AlertPolicy,
    Owner,
)
from trainboard.alerts import (
    Severity,
)
from trainboard.board_layout import BoardPolicy
from trainboard.command_policy import (
    CommandPolicy,
)
from trainboard.iterations import (
    SprintPolicy,
)
from trainboard.linking import name_tag_door
from trainboard.policy import (
    Door,
    Keep,
    Project,
)
from trainboard.prices import (
    Prices,
)
from trainboard.report.schedules import ReportSchedule
from trainboard.settings.model import (
    Settings,
    Source,
)
from trainboard.settings.monitors import (
    AlertmanagerSource,
    AzureMonitorSource,
    Bugs,
    EventGridSource,
    GrafanaSource,
)
from trainboard.settings.pipelines import (
    AzurePipeline,
    EventPipeline,
    Pipeline,
    WorkflowPipeline,
)
from trainboard.settings.places import (
    find_azure_place,
    organization_of,
)
from trainboard.settings.project import Project as DeclaredProject
from trainboard.settings.reports import Report
from trainboard.settings.run_sources import (
    ArtifactsSource,
    AzureMlSource,
    DvcliveSource,
    MlflowSource,
    RunsSource,
    WandbSource,
)
from trainboard.workspaces import parse_workspace

_NOT_OF_CALENDAR = {"create_ahead", "carry_over", "capacity_points"}


def projects_of(settings: Settings) -> tuple[Project, ...]:
    """The projects, in the order of the file."""
    return tuple(
        Project(
            name=project.name,
            tracker=f"local:{project.name}" if project.tracker == "local" else project.tracker,
            code=None if project.code == "local" else project.code,
            mention=_find_mention(project),
            sprint=SprintPolicy(**project.sprint.model_dump(exclude=_NOT_OF_CALENDAR)),
            create_ahead=project.sprint.create_ahead,
            carry_over=project.sprint.carry_over,
            capacity_points=project.sprint.capacity_points,
            production=project.production,
            result_artifacts=project.result_artifacts,
            milestone_comments=project.milestone_comments,
            model_tags=project.model_tags,
            pipelines=tuple(_pipeline_of(each, project, settings) for each in project.pipelines),
            commands=CommandPolicy(
                rules=project.commands.roles,
                environments=project.commands.environments,
                people={
                    name: frozenset(map(str.casefold, ids)) for name, ids in project.commands.people.items()
                },
                bots=frozenset(project.commands.bots),
            ),
            remembers=timedelta(days=settings.engine.keep_done_days),
            prices=Prices(currency=project.prices.currency, gpu_hour=tuple(project.prices.gpu_hour.items())),
            reports=tuple(_schedule_of(each) for each in settings.reports if each.project == project.name),
            board=_board_of(project),
            run_trackers=tuple(_list_run_trackers(settings, project.name)),
            refactor_above=project.refactor_above,
        )
        for project in settings.projects
    )


def _list_run_trackers(settings: Settings, project: str) -> Iterator[str]:
    for door in doors_of(settings):
        if door.project == project and door.polled and door.alerts is None:
            yield door.name


def _schedule_of(report: Report) -> ReportSchedule:
    return ReportSchedule(
        kind=report.kind,
        cron=report.cron,
        at=report.at,
        hour=report.hour,
        targets=tuple(dict.fromkeys(report.deliver)),
        catches_up=report.missed == "catch-up",
        says_nothing=report.quiet == "say",
    )


def _board_of(project: DeclaredProject) -> BoardPolicy | None:
    if not project.board.project:
        return None
    named = project.board.model_dump(exclude={"project"})
    return BoardPolicy(name=f"github-project:{project.board.project}", **named)


def _pipeline_of(declared: Pipeline, project: DeclaredProject, settings: Settings) -> triggers.Pipeline:
    found = triggers.Pipeline(
        name=declared.name,
        kind=declared.kind,
        place=f"local:{project.name}",
        target=declared.name,
        parameters=_parameters_of(declared),
        commands=declared.commands,
    )
    match declared:
        case WorkflowPipeline():
            place = _repository_of(declared.repository, project)
            own = {"ref": declared.ref, "marker": declared.marker, "commit": declared.commit}
            return replace(found, place=place, target=declared.file, **own)
        case EventPipeline():
            return replace(found, place=_repository_of(declared.repository, project), target=declared.event)
        case AzurePipeline():
            return replace(
                found,
                place=f"azure-pipelines:{_azure_place_of(declared, project, settings)}",
                target=str(declared.id),
                ref=f"refs/heads/{declared.ref}",
                marker=declared.marker,
                skippable=declared.stages,
            )
        case _:
            return found


def _parameters_of(declared: Pipeline) -> tuple[triggers.Parameter, ...]:
    variables = declared.variables if isinstance(declared, AzurePipeline) else ()
    return tuple(
        triggers.Parameter(**each.model_dump(), is_variable=each.name in variables)
        for each in declared.parameters
    )


def _repository_of(repository: str, project: DeclaredProject) -> str:
    return f"github:{repository}" if repository else project.code


def _azure_place_of(declared: AzurePipeline, project: DeclaredProject, settings: Settings) -> str:
    places = filter(None, map(find_azure_place, (project.code, project.tracker)))
    name = declared.project or next((place.project for place in places), "")
    organization = settings.azure_devops.organization_url
    return f"{organization_of(organization) if organization else '?'}/{name}"


def _find_mention(project: DeclaredProject) -> str | None:
    """Source: "Link GitHub commits, pull requests, branches, and issues to work items in Azure Boards"."""
    is_read = project.tracker.startswith("azure-boards:") and project.code.startswith("github:")
    return "AB#{ref}" if is_read else None


def doors_of(settings: Settings) -> tuple[Door, ...]:
    """The sources of `[[sources]]`, named `kind/name`, in the order of the file, then tags of code."""
    tagged = (project.name for project in settings.projects if project.model_tags)
    by_tags = (Door(name=name_tag_door(name), project=name) for name in tagged)
    return (*(_door(source) for source in settings.sources), *by_tags)


def _door(source: Source) -> Door:
    name = f"{source.kind}/{source.name}"
    match source:
        case MlflowSource() | WandbSource():
            polled = bool(source.url)
            return Door(name=name, project=source.project, experiments=source.experiments, polled=polled)
        case AzureMlSource():
            return Door(
                name=name,
                project=source.project,
                experiments=source.experiments,
                polled=True,
                reads=parse_workspace(source.url).source,
            )
        case ArtifactsSource():
            return Door(
                name=name,
                project=source.project,
                experiments=source.experiments,
                artifacts=source.artifacts,
                forks=source.forks,
            )
        case RunsSource() | DvcliveSource():
            return Door(name=name, project=source.project, experiments=source.experiments)
        case EventGridSource():
            policy = _alert_policy(source.bugs)
            return Door(name=name, project=source.project, experiments=source.experiments, alerts=policy)
        case _:
            asked = isinstance(source, AlertmanagerSource | GrafanaSource) and bool(source.url)
            polled = asked or (isinstance(source, AzureMonitorSource) and bool(source.subscription))
            alerts = _alert_policy(source.bugs)
            return Door(name=name, project=source.project, polled=polled, alerts=alerts)


def _alert_policy(bugs: Bugs) -> AlertPolicy:
    return AlertPolicy(
        identity=bugs.identity,
        debounce=timedelta(seconds=bugs.debounce_seconds),
        edit_every=timedelta(seconds=bugs.edit_seconds),
        hold=timedelta(minutes=bugs.hold_minutes),
        reopen_within=timedelta(days=bugs.reopen_days),
        stale_after=timedelta(hours=bugs.stale_hours),
        sprint_from=Severity(bugs.sprint_from),
        severities={word.casefold(): Severity(meaning) for word, meaning in bugs.severities.items()},
        owners=tuple(_owners(bugs)),
        shown_labels=bugs.shown_labels,
        storm_problems=bugs.storm_problems,
        model=bugs.model,
    )


def _owners(bugs: Bugs) -> Iterator[Owner]:
    for key in dict.fromkeys([*bugs.assignees, *bugs.areas]):
        label, _, value = key.partition("=")
        yield Owner(label=label, value=value, assignees=bugs.assignees.get(key, ()), area=bugs.areas.get(key))


def keep_of(settings: Settings) -> Keep:
    """How long rows are kept."""
    engine = settings.engine
    return Keep(
        bodies=timedelta(days=engine.keep_bodies_days),
        ticks=timedelta(days=engine.keep_ticks_days),
        done=timedelta(days=engine.keep_done_days),
        dead=timedelta(days=engine.keep_dead_days),
        commands=timedelta(days=engine.keep_commands_days),
    )
